/** Topics that nobody can name beforehand: those that a connector's transforms make when the first record comes. */

/**
 * Of the topics that exist, those that one of the patterns means.
 *
 * @param patterns names in which `*` stands for any characters
 */
export function matchingTopics(patterns: readonly string[], existing: readonly string[]): string[] {
  const forms = patterns.map((pattern) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`));
  return existing.filter((topic) => forms.some((form) => form.test(topic))).sort();
}
