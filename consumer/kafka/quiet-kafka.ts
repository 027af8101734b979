import { Kafka, type KafkaConfig, logLevel } from "kafkajs";
import { quietRequestQueues } from "./internals/request-queue";

/**
 * A Kafka client for a few questions. It logs nothing: its caller tells what failed. It sets no timer to a negative time, of
 * which Node 24 would warn.
 */
export function quietKafka(config: Omit<KafkaConfig, "logLevel" | "logCreator">): Kafka {
  quietRequestQueues();
  return new Kafka({ ...config, logLevel: logLevel.NOTHING });
}
