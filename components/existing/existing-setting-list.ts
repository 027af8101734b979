import type { Setting } from "../settings/setting-list";

/** Settings about existing parts. `components/settings/setting-list.ts` has the others. */
export const EXISTING_SETTINGS = {
  bootstrapServers: {
    type: "string",
    default: "",
    description: "A Kafka that is there already, as host:port, several separated by commas; empty starts one",
    details:
      "a Kafka that is there already, `host:port` separated by commas; the stack starts none then: [existing](existing-kafka.md)",
  },
  internalBootstrapServers: {
    type: "string",
    default: "",
    description: "The same as containers of the stack reach it; empty - by the same addresses",
    shown: "the same",
    details: "its addresses as containers reach them",
  },
  kafkaSecurity: {
    type: "object",
    default: "{}",
    details:
      "what it asks of its clients: `protocol`, `mechanism`, `username`, `password`, `caFile`, `certFile`, `keyFile`: [existing](existing-kafka.md)",
  },
  connectUrl: {
    type: "string",
    default: "",
    description: "A Kafka Connect cluster that is there already, as its REST API's address; empty starts a worker",
    details:
      "a Kafka Connect cluster that is there already, on that Kafka; the stack starts no worker then: [existing](existing-connect.md)",
  },
  connectSecurity: {
    type: "object",
    default: "{}",
    details: "what it asks of its clients: `username`, `password`, `caFile`, `certFile`, `keyFile`",
  },
  connectPlainSecrets: {
    type: "boolean",
    default: false,
    description: "Whether passwords may stand in the connector's config of connectUrl, where its REST API shows them",
    details:
      "whether passwords may stand in the connector's config on the cluster of `connectUrl`, where whoever may use its REST API reads them: [existing](existing-connect.md#passwords)",
  },
  databaseAddress: {
    type: "string",
    default: "",
    description: "Where Kafka Connect reaches the database, as host:port; empty - in the stack's own network",
    details: "`host:port` by which Kafka Connect reaches the database, where that is not in the stack's own network",
  },
  partitions: {
    type: "integer",
    default: 1,
    description:
      "Partitions of each captured table's topic; it can grow, and the order of each key's changes is kept within them",
    least: 1,
    most: 10000,
    details:
      "partitions of each captured table's topic; may grow, fewer are refused: [existing](existing-kafka.md#copies-and-partitions)",
  },
  replicationFactor: {
    type: "integer",
    default: 0,
    description: "Copies of each topic; 0 - as many as there are brokers, 3 at most",
    least: 0,
    most: 32,
    details: "copies of each topic; 0: as many as there are brokers, 3 at most: [cluster](cluster.md#brokers)",
  },
  minInsyncReplicas: {
    type: "integer",
    default: 0,
    description: "Copies that must have a record before it counts as written; 0 - as the broker has it",
    least: 0,
    most: 32,
    details:
      "copies that must have a record before it counts as written; 0: 2 with three brokers of the stack's own, else as the broker has it",
  },
} as const satisfies Record<string, Setting>;
