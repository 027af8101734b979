/** Topics whose names are not known beforehand: a connector's transforms make them when the first record comes. */

const LOOK_EVERY_MS = 3_000;

/** As in `StreamOptions`. */
interface Wanted {
  topics: readonly string[];
  furtherTopics: readonly string[];
  deadLetterTopic: string;
}

/**
 * The existing topics that match one of the patterns.
 *
 * @param patterns names in which `*` stands for any characters
 */
function matchingTopics(patterns: readonly string[], existing: readonly string[]): string[] {
  const forms = patterns.map((pattern) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`));
  return existing.filter((topic) => forms.some((form) => form.test(topic))).sort();
}

/** The topics that a member reads: the named ones, and existing ones that match a pattern. Never the topic of dead letters. */
export function topicsToRead(
  { topics, furtherTopics, deadLetterTopic }: Wanted,
  existing: readonly string[],
): string[] {
  const further = matchingTopics(furtherTopics, existing);
  return [...new Set([...topics, ...further])].filter((topic) => topic !== deadLetterTopic);
}

export interface FurtherTopicsOptions extends Wanted {
  /** Asks the broker which topics exist. */
  existing(): Promise<string[]>;
  later(ms: number, work: () => void): void;
  /** The topics that are read now; null while that may not change. */
  read(): readonly string[] | null;
  /** Is called with topics that are to be read as well. */
  found(topics: readonly string[]): Promise<void>;
}

/** Looks every three seconds for topics that match a pattern and are not read yet. It never ends. */
export function lookForFurtherTopics(options: FurtherTopicsOptions): void {
  const look = async (): Promise<void> => {
    const existing = options.read() === null ? [] : await options.existing().catch(() => []);
    const read = options.read();
    const found = topicsToRead(options, existing).filter((topic) => read?.includes(topic) === false);
    if (found.length > 0) await options.found(found);
    next();
  };
  const next = (): void => void options.later(LOOK_EVERY_MS, () => void look());
  next();
}
