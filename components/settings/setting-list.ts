import { CLEANUP_POLICIES } from "./cleanup-policy";
import { COORDINATIONS } from "./coordination";
import { MAX_RECORD_MB, MOST_RECORD_MB } from "../connector/config/record-size";
import { EXISTING_SETTINGS } from "../existing/existing-setting-list";
import { CLUSTER_SETTINGS } from "../cluster/cluster-setting-list";
import { PLUGIN_SETTINGS } from "../plugins/plugin-setting-list";
import { CONSUMER_SETTINGS } from "./consumer-setting-list";
import { MEMORY_SETTINGS } from "./memory-setting-list";
import { POSTGRES_VERSIONS, SNAPSHOT_MODES } from "../pipeline/pipeline-args";

/** One setting, as the checks, `Pulumi.yaml` and docs/configuration.md use it. */
export interface Setting {
  /** What its text has to be. `Pulumi.yaml` has no objects, and a secret has no default there. */
  type: "integer" | "string" | "boolean" | "object" | "secret";
  default: string | number | boolean;
  /** Text of the docs in place of the default. */
  shown?: string;
  /** A line for `Pulumi.yaml`, which `pulumi config` shows. None for a setting that `Pulumi.yaml` does not declare. */
  description?: string;
  /** The allowed values, when only some are. */
  oneOf?: readonly string[];
  /** The least and the most of a number. */
  least?: number;
  most?: number;
  /** A cell of the table in docs/configuration.md, in Markdown. None for a setting that is not for use yet. */
  details?: string;
}

/**
 * Every setting, once. `components/settings/settings.ts` checks by this list. `Pulumi.yaml` and the table in docs/configuration.md are made
 * from it (`UPDATE_GOLDEN=1 npm test -- --testPathPatterns setting-docs`).
 */
export const SETTINGS = {
  postgresPort: {
    type: "integer",
    default: 55432,
    description: "Port of Postgres on 127.0.0.1",
    least: 1,
    most: 65535,
    details: "port of Postgres on 127.0.0.1",
  },
  kafkaPort: {
    type: "integer",
    default: 29092,
    description: "Port of the Kafka broker on 127.0.0.1",
    least: 1,
    most: 65535,
    details: "port of the broker on 127.0.0.1",
  },
  connectPort: {
    type: "integer",
    default: 8083,
    description: "Port of Kafka Connect's REST API on 127.0.0.1",
    least: 1,
    most: 65535,
    details: "port of Kafka Connect's REST API on 127.0.0.1",
  },
  consumerPort: {
    type: "integer",
    default: 8088,
    description: "Port of the consumer's page and API on 127.0.0.1",
    least: 1,
    most: 65535,
    details: "port of the feed page and API on 127.0.0.1",
  },
  databaseUrl: {
    type: "string",
    default: "",
    shown: "",
    description:
      "A database that is there already, in place of the stack's own - a connection string with sslmode; set it with --secret",
    details:
      "a database that is there already, in place of the stack's own: `pulumi config set --secret databaseUrl …`, see [existing database](existing-database.md)",
  },
  databasePasswordCommand: {
    type: "string",
    default: "",
    shown: "",
    description: "A shell command that prints that database's password, for each connection; for short-lived ones",
    details: "a shell command that prints that database's password, for each connection: for short-lived ones",
  },
  capturePassword: {
    type: "secret",
    default: "",
    shown: "",
    details: "password of a role that is there already in that database, which is then used as it is: see there",
  },
  database: {
    type: "string",
    default: "cdctest",
    description: "Name of the database",
    details: "name of the database, made at the first start; refused when it comes later",
  },
  user: {
    type: "string",
    default: "cdctest",
    description: "Its superuser, made at the first start",
    details: "its superuser, made at the first start; refused when it comes later",
  },
  password: {
    type: "secret",
    default: "cdctest",
    details: "the superuser's password: `pulumi config set --secret password …`; plain text is refused",
  },
  tables: {
    type: "string",
    default: "public.customers",
    description:
      "Captured tables as schema.table or schema.*, separated by commas, !schema.table leaves one out; names as in psql's double quotes where needed",
    details:
      "captured tables, `schema.table` or `schema.*`, separated by commas; `!schema.table` leaves one out: see below",
  },
  replicaIdentity: {
    type: "string",
    default: "FULL",
    description: "What updates and deletes tell of the old row - FULL (all of it) or DEFAULT (its key)",
    oneOf: ["FULL", "DEFAULT"],
    details:
      "`FULL`: updates and deletes tell the whole old row; `DEFAULT`: its key, without large values that an update left alone: see [consumer](consumer.md)",
  },
  topicPrefix: {
    type: "string",
    default: "cdctest",
    description: "First part of every topic's name - prefix.schema.table",
    details: "topics are called `prefix.schema.table`, see below",
  },
  keepTopics: {
    type: "boolean",
    default: true,
    description: "Whether topics stay in Kafka when their table is taken out or topicPrefix changes",
    details: "whether a topic stays in Kafka when its table is taken out or `topicPrefix` changes: see below",
  },
  retention: {
    type: "string",
    default: "7d",
    description:
      "How long Kafka keeps the records of the tables' topics - hours or days, as in 12h and 30d, or forever",
    details:
      "how long Kafka keeps the records of the tables' topics: hours or days, as in `12h` and `30d`, or `forever`. Below 7 days Kafka takes up to a quarter longer, as it deletes whole segments",
  },
  cleanupPolicy: {
    type: "string",
    default: "delete",
    description:
      "What becomes of older records of the tables' topics - delete, compact (the newest of each key stays) or compact,delete",
    oneOf: CLEANUP_POLICIES,
    details:
      "what becomes of older records of the tables' topics: `delete`, `compact` (the newest of each key stays, for ever), `compact,delete`: [below](#compacted-topics)",
  },
  connectorName: {
    type: "string",
    default: "customer-cdc",
    description: "Name of the connector in Kafka Connect",
    details: "name in Kafka Connect",
  },
  captureName: {
    type: "string",
    default: "debezium",
    description: "Name of the connector's role and publication in the database, and of the schema of its signal table",
    details:
      "name of the connector's role and publication in the database, and of the schema of its signal table; what somebody else made under it is refused",
  },
  snapshotMode: {
    type: "string",
    default: "initial",
    description: "Debezium's snapshot.mode - initial, no_data, when_needed, always or initial_only",
    oneOf: SNAPSHOT_MODES,
    details: "Debezium's `snapshot.mode`",
  },
  exactlyOnce: {
    type: "boolean",
    default: false,
    description: "Whether a change comes to be in the topics once only, also after a crash - Kafka's transactions",
    details:
      "whether a change comes to be in the topics once only, also after a crash, by Kafka's transactions: [reliability](reliability.md#exactly-once)",
  },
  flushBeforeAck: {
    type: "boolean",
    default: false,
    description: "Whether brokers have each record on the disk before they acknowledge it - for a power cut",
    details:
      "whether the stack's brokers have each record on the disk before they acknowledge it: what a power cut takes without it, and its price: [reliability](reliability.md#a-power-cut)",
  },
  maxRecordMb: {
    type: "integer",
    default: MAX_RECORD_MB,
    description: "The largest record in MB, 1 to 64 - a change with its old row; larger ones stop the connector",
    least: 1,
    most: MOST_RECORD_MB,
    details: "largest record in MB, 1 to 64: a change with its old row; broker, worker and their memory follow",
  },
  ...MEMORY_SETTINGS,
  connectorConfig: {
    type: "object",
    default: "{}",
    details:
      "any Debezium keys but those that a setting decides, see below; they win: `pulumi config set --path 'connectorConfig[\"max.batch.size\"]' 4096`",
  },
  initFolder: {
    type: "string",
    default: "database",
    description: "Folder with the SQL files that run once, when the database is made",
    details: "folder with the files that run once, when the database is made: see below",
  },
  ...CONSUMER_SETTINGS,
  coordination: {
    type: "string",
    default: "zookeeper",
    description:
      "What keeps the broker's metadata - zookeeper (Kafka 3.9.2), or kraft (Kafka 4.4.0, without a container for it)",
    oneOf: COORDINATIONS,
    details:
      "what keeps the broker's metadata: `zookeeper` (Kafka 3.9.2), or `kraft` (Kafka 4.4.0, whose broker does so itself): [KRaft](kraft.md)",
  },
  kafkaImage: {
    type: "string",
    default: "",
    description: "An image of your own with the layout of images/kafka; empty builds that folder",
    details: "an image of your own with the layout of `images/kafka`",
  },
  postgresVersion: {
    type: "integer",
    default: 17,
    description: "Version of Postgres, 17 or 18; another one than before needs npm run upgrade-postgres",
    oneOf: POSTGRES_VERSIONS,
    details: "version of Postgres, 17 or 18: see [below](#versions-of-postgres)",
  },
  postgresImage: {
    type: "string",
    default: "",
    description: "An image of your own with the contract of images/postgres; empty builds that folder",
    details:
      "another image of Postgres: an official one (`postgres:17`), one made from it (pgvector, postgis), or one with the contract of `images/postgres`: see below",
  },
  postgresConfig: {
    type: "object",
    default: "{}",
    details:
      "server settings of the stack's Postgres, but those that the stack decides: `pulumi config set --path postgresConfig.max_slot_wal_keep_size 20GB`, see [below](#settings-of-postgres)",
  },
  ...EXISTING_SETTINGS,
  ...CLUSTER_SETTINGS,
  ...PLUGIN_SETTINGS,
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;

/** Keys in the order of the docs. */
export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];
