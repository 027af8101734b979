/**
 * The topic to which Debezium writes a table's changes: `prefix.schema.table`. It has a `_` for each character that Kafka
 * does not take in a name, and two for a character beyond U+FFFF.
 *
 * @param table `schema.table` as the database has it
 */
export function topicOf(prefix: string, table: string): string {
  return `${prefix}.${sanitized(table)}`;
}

/** The topics of a pipeline that belong to no table. */
export function topicsBeside(topicPrefix: string) {
  return {
    /** For logical messages, with Debezium's name for it. */
    messageTopic: `${topicPrefix}.message`,
    /** For records that the consumer could not read or handle. */
    deadLetterTopic: deadLetterTopicOf(topicPrefix),
    /** For dead letters that are sent back. The name has two parts, because one of three parts could be a table's. */
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
 * from another's only in `.` and `_`, because its metrics do not distinguish the two.
 *
 * @param tables `schema.table` as the database has it
 */
export function topicClashes(tables: readonly string[]): string[] {
  return clashes(tables).map(({ group, reason }) => `${group}: ${reason}. Rename one of them, or name one alone.`);
}

/**
 * Pure: which tables cannot take the place of others in one step. A new topic is made before the old one is deleted, so the
 * two names would clash. If both tables have the same topic, it would stay and hold the records of both.
 *
 * @param before the tables that are captured
 * @param after the tables that are to be captured
 */
export function successionClashes(before: readonly string[], after: readonly string[]): string[] {
  const going = before.filter((table) => !after.includes(table));
  const coming = after.filter((table) => !before.includes(table));
  return coming.flatMap((table) =>
    going
      .flatMap((left) => clashes([left, table]))
      .map(
        ({ group, reason }) =>
          `${group}: ${reason}, and the topic of the table that is captured now still exists. ` +
          `Take that table out with an up of its own, with its topic (keepTopics false in this project), then add ${table}.`,
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
