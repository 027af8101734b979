/** Names of groups and topics. In a Kafka that others use too, no two stacks share one. */
import type { Settings } from "../../settings/settings";

type Shared = Pick<Settings, "existingKafka" | "existingConnect" | "prefix" | "brokers"> &
  Partial<Pick<Settings, "exactlyOnce">>;

/** In the place of a cluster's id, for a Kafka that the stack runs itself. */
export const OWN_KAFKA = "own";

/** The group whose offsets say which records the handler has handled. */
export const CONSUMER_GROUP = "cdc-consumer";

/** The consumer's group. */
export function groupOf({ existingKafka, prefix }: Pick<Shared, "existingKafka" | "prefix">): string {
  return existingKafka === undefined ? CONSUMER_GROUP : sharedGroup(prefix);
}

/** The consumer's group in a Kafka that others use too. */
export function sharedGroup(prefix: string): string {
  return `${prefix}-consumer`;
}

/**
 * What the names of all of a stack's groups begin with: of the consumer, of a worker, and of what reads a topic once. In a Kafka with rights, one for this
 * prefix is one for all of them.
 */
export function groupPrefixOf({ existingKafka, prefix }: Pick<Shared, "existingKafka" | "prefix">): string {
  return existingKafka === undefined ? "cdc" : prefix;
}

/** Pure: a group of each kind that the stack joins, or that a command joins for a moment. @param hasConsumer whether it has a consumer */
export function groupsOf(settings: Shared, hasConsumer: boolean): string[] {
  const before = groupPrefixOf(settings);
  return [
    ...(hasConsumer ? [groupOf(settings), `${groupOf(settings)}-rows-0`] : []),
    ...(settings.existingConnect === undefined ? [workerNames(settings.existingKafka && settings.prefix).group] : []),
    ...(["connector", "verify", "look"] as const).map((reader) => momentary(before, reader, "0")),
  ];
}

type Reader = "connector" | "verify" | "look";

/** The name of a group that is deleted once it has read. @param unique what tells it from others. @default process and time */
export function momentary(
  prefix: string,
  reader: Reader,
  unique = `${process.pid}-${Date.now().toString(36)}`,
): string {
  return `${prefix}-${reader}-${unique}`;
}

/** Names of a Connect worker's group and topics. @param prefix of its stack; none in a Kafka of the stack's own */
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
    // The names of the compose file from which this project began.
    config: "cdc_connect_configs",
    offset: "cdc_connect_offsets",
    status: "cdc_source_connect_statuses",
  };
}

/**
 * Pure: config of a worker's topic of offsets, beside its compaction. With exactly-once, each transaction writes into it. Its newest segment, 1 GB by
 * default, is never compacted. A worker reads all of the topic when it starts, when a task starts, and when it is asked for offsets.
 */
export function offsetsConfig(exactlyOnce: boolean): Record<string, string> {
  return exactlyOnce ? { "segment.bytes": String(4 * 1024 * 1024) } : {};
}

/** A compacted topic in which a program keeps its state. */
export interface StateTopic {
  partitions: number;
  /** Beside its compaction. */
  config: Record<string, string>;
}

/**
 * Topics in which the stack's workers keep their state, where these are resources. In an existing Kafka they are, and with several brokers:
 * a worker that makes its topics itself ends when not all brokers for their copies are there yet.
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
