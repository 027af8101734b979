import { Kafka, type KafkaConfig, logLevel } from "kafkajs";
import { quietRequestQueues } from "./internals/request-queue";

/**
 * A client for whoever asks Kafka a few things: it logs nothing, since what fails is for who asks to say, and sets no timer to a
 * negative time, of which Node 24 would warn.
 */
export function quietKafka(config: Omit<KafkaConfig, "logLevel" | "logCreator">): Kafka {
  quietRequestQueues();
  return new Kafka({ ...config, logLevel: logLevel.NOTHING });
}
