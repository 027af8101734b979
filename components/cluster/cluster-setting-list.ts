import type { Setting } from "../settings/setting-list";

/** Settings for the number of brokers, workers and consumers. */
export const CLUSTER_SETTINGS = {
  brokers: {
    type: "integer",
    default: 1,
    description: "Kafka brokers - 1, 3, 5 or 7; the ports of the further ones follow kafkaPort",
    least: 1,
    most: 7,
    details:
      "Kafka brokers: 1, or 3, 5 or 7, of which any one may fail; the further ones' ports follow `kafkaPort`: [cluster](cluster.md)",
  },
  connectWorkers: {
    type: "integer",
    default: 1,
    description: "Kafka Connect workers; the ports of the further ones follow connectPort",
    least: 1,
    most: 5,
    details:
      "Kafka Connect workers, one of which runs the connector; the further ones' ports follow `connectPort`: [cluster](cluster.md)",
  },
  consumers: {
    type: "integer",
    default: 1,
    description: "Consumers that share the partitions; the ports of the further ones follow consumerPort",
    least: 1,
    most: 32,
    details:
      "consumers that share the partitions; the further ones' ports follow `consumerPort`: [cluster](cluster.md)",
  },
} as const satisfies Record<string, Setting>;
