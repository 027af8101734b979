/** Names in a Kafka that others use too: two stacks in one share none of them. */
import type { Settings } from "../settings/settings";

type Shared = Pick<Settings, "existingKafka" | "existingConnect" | "prefix" | "brokers">;

/** The group whose offsets say how far the handler is. */
export const CONSUMER_GROUP = "cdc-consumer";

/** The consumer's group. */
export function groupOf({ existingKafka, prefix }: Shared): string {
  return existingKafka === undefined ? CONSUMER_GROUP : `${prefix}-consumer`;
}

/** What a Connect worker's group and topics are called. @param prefix of its stack; none in a Kafka of the stack's own */
export function workerNames(prefix?: string): { group: string; config: string; offset: string; status: string } {
  if (prefix !== undefined)
    return {
      group: `${prefix}-connect`,
      config: `${prefix}-connect-configs`,
      offset: `${prefix}-connect-offsets`,
      status: `${prefix}-connect-statuses`,
    };
  return {
    group: "connect",
    // As in the compose file that this project began as.
    config: "cdc_connect_configs",
    offset: "cdc_connect_offsets",
    status: "cdc_source_connect_statuses",
  };
}

/**
 * Topics in which the stack's workers keep their state, and their partitions, where they are resources: in somebody else's Kafka, and
 * with several brokers, since a worker ends that starts when not all are there yet that its topics' copies are to lie on.
 */
export function workerTopics({ existingKafka, existingConnect, prefix, brokers = 1 }: Shared): Record<string, number> {
  if ((existingKafka === undefined && brokers === 1) || existingConnect !== undefined) return {};
  const { config, offset, status } = workerNames(existingKafka && prefix);
  return { [config]: 1, [offset]: 1, [status]: 1 };
}
