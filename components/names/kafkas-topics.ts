/** Topics of Kafka's own. */

/** Made with the first transaction of all, and kept. */
export const TRANSACTION_LOG = "__transaction_state";

/** Made with the first group, as the consumer's is. */
const GROUPS_TOPIC = "__consumer_offsets";

/** Pure: whether a broker knows its topics: one that has just begun may list none. @param there all that it lists */
export function knowsItsTopics(there: readonly string[]): boolean {
  return there.includes(GROUPS_TOPIC);
}
