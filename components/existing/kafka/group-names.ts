/** Names in a Kafka that others use too: two stacks in one share none of them. */
import type { Settings } from "../../settings/settings";

type Shared = Pick<Settings, "existingKafka" | "existingConnect" | "prefix" | "brokers"> &
  Partial<Pick<Settings, "exactlyOnce">>;

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
 * Pure: what a worker's topic of offsets is told beside its compaction. With exactly once each transaction writes into it, and what is in its newest
 * segment, 1 GB of itself, is never compacted; a worker reads all of it when it starts, when a task does, and when it is asked for offsets.
 */
export function offsetsConfig(exactlyOnce: boolean): Record<string, string> {
  return exactlyOnce ? { "segment.bytes": String(4 * 1024 * 1024) } : {};
}

/** A topic in which a program keeps its state. */
export interface StateTopic {
  partitions: number;
  /** Beside its compaction. */
  config: Record<string, string>;
}

/**
 * Topics in which the stack's workers keep their state, where they are resources: in somebody else's Kafka, and
 * with several brokers, since a worker ends that starts when not all are there yet that its topics' copies are to lie on.
 */
export function workerTopics({
  existingKafka,
  existingConnect,
  prefix,
  brokers = 1,
  exactlyOnce = false,
}: Shared): Record<string, StateTopic> {
  if ((existingKafka === undefined && brokers === 1) || existingConnect !== undefined) return {};
  const { config, offset, status } = workerNames(existingKafka && prefix);
  const usual = { partitions: 1, config: {} };
  return { [config]: usual, [offset]: { ...usual, config: offsetsConfig(exactlyOnce) }, [status]: usual };
}
