/** Names in a Kafka that others use too: two stacks in one share none of them. */
import type { Settings } from "../settings/settings";

type Shared = Pick<Settings, "existingKafka" | "existingConnect" | "prefix">;

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

/** Topics in which a worker of the stack keeps its state in somebody else's Kafka, and their partitions. */
export function workerTopics({ existingKafka, existingConnect, prefix }: Shared): Record<string, number> {
  if (existingKafka === undefined || existingConnect !== undefined) return {};
  const { config, offset, status } = workerNames(prefix);
  return { [config]: 1, [offset]: 1, [status]: 1 };
}
