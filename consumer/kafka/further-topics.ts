/** Topics that nobody can name beforehand: those that a connector's transforms make when the first record comes. */

const LOOK_EVERY_MS = 3_000;

/** As in `StreamOptions`. */
interface Wanted {
  topics: readonly string[];
  furtherTopics: readonly string[];
  deadLetterTopic: string;
}

/**
 * Of the topics that exist, those that one of the patterns means.
 *
 * @param patterns names in which `*` stands for any characters
 */
function matchingTopics(patterns: readonly string[], existing: readonly string[]): string[] {
  const forms = patterns.map((pattern) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`));
  return existing.filter((topic) => forms.some((form) => form.test(topic))).sort();
}

/** The topics that a member reads: those that it is told, and of the others that exist those that a pattern means. */
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
  /** Has these read too. */
  found(topics: readonly string[]): Promise<void>;
}

/** Looks every three seconds for topics that a pattern means and that are not read yet. Does not end. */
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
