/** Topics of Kafka's own. */

/** Kafka makes it with the first transaction, and keeps it. */
export const TRANSACTION_LOG = "__transaction_state";

/** Kafka makes it with the first group, such as the consumer's. */
const GROUPS_TOPIC = "__consumer_offsets";

/** Pure: whether a broker knows its topics. One that has just started may list none. @param there all topics that it lists */
export function knowsItsTopics(there: readonly string[]): boolean {
  return there.includes(GROUPS_TOPIC);
}
