import type { Admin } from "kafkajs";
import type { ConfigValue } from "../connector-types";
import { clientConfig, type KafkaAddress } from "../../existing/kafka/kafka-access";

/** How much is in Kafka's topics. */
export interface TopicCounts {
  /** Offsets that records have ever taken in a topic; 0 when it is not there. `recordsIn` says how many records that are. */
  written(topic: string): Promise<number>;
  /** The same as it was at a moment in milliseconds since 1970, by the records' own times. */
  writtenBefore(topic: string, moment: number): Promise<number>;
  close(): Promise<void>;
}

/** @param address Kafka as seen from here: `127.0.0.1:29092` */
export async function countTopics(address: KafkaAddress): Promise<TopicCounts> {
  // Hardly any run of the provider needs it.
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
 * Pure: how many records a connector of this config has written that took so many offsets. With exactly once a transaction takes one
 * more for its end and holds a batch at most, so that there may be some fewer.
 */
export function recordsIn(offsets: number, config: Record<string, ConfigValue>): number {
  if (config["exactly.once.support"] !== "required") return offsets;
  const batch = Number(config["max.batch.size"] ?? DEBEZIUM_BATCH);
  return offsets - Math.ceil(offsets / (batch + 1));
}

/** Its `max.batch.size` where the config has none. */
const DEBEZIUM_BATCH = 2048;

function sum<T>(partitions: readonly T[], of: (partition: T) => string): number {
  return partitions.reduce((total, partition) => total + Number(of(partition)), 0);
}
