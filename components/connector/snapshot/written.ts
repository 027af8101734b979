import type { Admin } from "kafkajs";
import type { ConfigValue } from "../connector-types";
import { clientConfig, type KafkaAddress } from "../../existing/kafka/kafka-access";

/** How much was written to Kafka's topics. */
export interface TopicCounts {
  /** How many offsets records have ever taken in a topic; 0 when it does not exist. `recordsIn` turns them into records. */
  written(topic: string): Promise<number>;
  /** The same at an earlier moment, by the records' timestamps. @param moment milliseconds since 1970 */
  writtenBefore(topic: string, moment: number): Promise<number>;
  close(): Promise<void>;
}

/** @param address Kafka as seen from here: `127.0.0.1:29092` */
export async function countTopics(address: KafkaAddress): Promise<TopicCounts> {
  // Loaded late: hardly any run of the provider needs Kafka.
  const { quietKafka } = await import("../../../consumer/kafka/quiet-kafka");
  // The caller waits for the connector; these counts are only shown, so the client tries once more and no longer.
  const kafka = quietKafka({ clientId: "cdc-connector", ...clientConfig(address), retry: { retries: 1 } });
  const admin = kafka.admin();
  await admin.connect();
  return {
    written: (topic) => writtenTo(admin, topic),
    writtenBefore: async (topic, moment) =>
      sum(await admin.fetchTopicOffsetsByTimestamp(topic, moment).catch(() => []), ({ offset }) => offset),
    close: () => admin.disconnect(),
  };
}

export async function writtenTo(admin: Admin, topic: string): Promise<number> {
  return sum(await admin.fetchTopicOffsets(topic).catch(() => []), ({ high }) => high);
}

/**
 * Pure: how many records of a connector take so many offsets. With exactly once, the end of each transaction takes an offset too. A
 * transaction holds a batch at most, so there may be some fewer records than this.
 */
export function recordsIn(offsets: number, config: Record<string, ConfigValue>): number {
  if (config["exactly.once.support"] !== "required") return offsets;
  const batch = Number(config["max.batch.size"] ?? DEBEZIUM_BATCH);
  return offsets - Math.ceil(offsets / (batch + 1));
}

/** Debezium's own `max.batch.size`. */
const DEBEZIUM_BATCH = 2048;

function sum<T>(partitions: readonly T[], of: (partition: T) => string): number {
  return partitions.reduce((total, partition) => total + Number(of(partition)), 0);
}
