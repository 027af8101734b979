/**
 * The topic that Debezium writes a table's changes to: `prefix.schema.table`, each character that Kafka does not take in
 * a name being a `_` (a character beyond U+FFFF two).
 *
 * @param table `schema.table` as the database has it
 */
export function topicOf(prefix: string, table: string): string {
  return `${prefix}.${sanitized(table)}`;
}

/** The topics of a pipeline that belong to no table. */
export function topicsBeside(topicPrefix: string) {
  return {
    /** Of logical messages; Debezium calls it so. */
    messageTopic: `${topicPrefix}.message`,
    /** Of what the consumer could not read or handle. */
    deadLetterTopic: deadLetterTopicOf(topicPrefix),
    /** Of dead letters that were sent back. Of two parts: one of three could be a table's. */
    retryTopic: `${topicPrefix}.dead-letters-retry`,
  };
}

export function deadLetterTopicOf(topicPrefix: string): string {
  return `${topicPrefix}.dead-letters`;
}

function sanitized(name: string): string {
  return name.replace(/[^\w.-]/g, "_");
}

/**
 * Pure: which tables cannot be captured together, a sentence or two for each. Kafka refuses a topic whose name differs
 * from another's in `.` and `_` only, as its metrics do not tell them apart.
 *
 * @param tables `schema.table` as the database has it
 */
export function topicClashes(tables: readonly string[]): string[] {
  return clashes(tables).map(({ group, reason }) => `${group}: ${reason}. Rename one of them, or name one alone.`);
}

/**
 * Pure: which tables cannot follow others at once. A topic is made before another goes, so it meets the one that goes; and
 * one that stays, since both tables have it, would go on with the records of both.
 *
 * @param before the tables that are captured
 * @param after those that are to be
 */
export function successionClashes(before: readonly string[], after: readonly string[]): string[] {
  const going = before.filter((table) => !after.includes(table));
  const coming = after.filter((table) => !before.includes(table));
  return coming.flatMap((table) =>
    going
      .flatMap((left) => clashes([left, table]))
      .map(
        ({ group, reason }) =>
          `${group}: ${reason}, and that of what is captured until now is there still. ` +
          `Take it out with an up of its own, with its topic (keepTopics false in this project), then add ${table}.`,
      ),
  );
}

function clashes(tables: readonly string[]): { group: string; reason: string }[] {
  const groups = new Map<string, string[]>();
  for (const table of new Set(tables)) {
    const key = sanitized(table).replaceAll(".", "_");
    groups.set(key, [...(groups.get(key) ?? []), table]);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => {
      const topics = new Set(group.map((table) => `<topicPrefix>.${sanitized(table)}`));
      const reason =
        topics.size === 1
          ? `their changes would go to one topic, ${[...topics].join()}`
          : `Kafka takes one of their topics only, as ${[...topics].join(" and ")} differ in . and _ alone`;
      return { group: group.join(", "), reason };
    });
}
