import { Kafka, type KafkaConfig, logLevel } from "kafkajs";
import type { KafkajsPart } from "./internals/parts";
import { quietRequestQueues } from "./internals/request-queue";
import { addTopicsTogether } from "./internals/target-topics";
import { listWithoutLeaders } from "./internals/topic-listing";

/**
 * A Kafka client for a few questions. It logs nothing: its caller reports what failed. It sets no timer to a negative time, about
 * which Node 24 would warn.
 *
 * @param replaced parts of kafkajs that this process replaces; of these a client for questions needs `timers` and `topics`
 */
export function quietKafka(
  config: Omit<KafkaConfig, "logLevel" | "logCreator">,
  replaced: readonly KafkajsPart[] = ["timers", "topics"],
): Kafka {
  if (replaced.includes("timers")) quietRequestQueues();
  if (replaced.includes("topics")) {
    addTopicsTogether();
    listWithoutLeaders();
  }
  return new Kafka({ ...config, logLevel: logLevel.NOTHING });
}
