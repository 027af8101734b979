/** Topics that nobody can name beforehand: those that a connector's transforms make when the first record comes. */

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
