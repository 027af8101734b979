import type { Setting } from "./setting-list";

/** Settings for the memory of each container. */
export const MEMORY_SETTINGS = {
  postgresMemoryMb: {
    type: "integer",
    default: 512,
    description: "Memory limit of Postgres' container in MB, 512 at least",
    least: 512,
    most: 1048576,
    details: "memory limit of Postgres' container in MB, that at least",
  },
  kafkaMemoryMb: {
    type: "integer",
    default: 768,
    description: "Memory limit of the broker's container in MB, 768 at least; half of what is more is heap",
    least: 768,
    most: 1048576,
    details: "… of the broker's, half of what is more being heap; `maxRecordMb` comes on top",
  },
  connectMemoryMb: {
    type: "integer",
    default: 1024,
    description: "Memory limit of Kafka Connect's container in MB, 1024 at least; what is more is heap",
    least: 1024,
    most: 1048576,
    details: "… of Kafka Connect's, what is more being heap; `maxRecordMb` comes on top",
  },
  consumerMemoryMb: {
    type: "integer",
    default: 384,
    description: "Memory limit of the consumer's container in MB, 384 at least",
    least: 384,
    most: 1048576,
    details: "… of the consumer's",
  },
} as const satisfies Record<string, Setting>;
