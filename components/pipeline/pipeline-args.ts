import type * as pulumi from "@pulumi/pulumi";
import type { CleanupPolicy } from "../settings/cleanup-policy";
import type { ConfigValue } from "../connector";
import type { ExistingDatabase } from "../database/database-setting";
import type { Coordination } from "../settings/coordination";
import type { LogLevel } from "../../consumer/log-level";
import type { ExistingSettings } from "../existing/existing-settings";
import type { Found } from "../preflight/look-around";
import type { ClusterSettings } from "../cluster/cluster-settings";

/** Versions of Postgres that images/postgres can be built with. */
export const POSTGRES_VERSIONS = ["17", "18"] as const;
export type PostgresVersion = 17 | 18;

/** Debezium's snapshot modes whose consequences this project knows. */
export const SNAPSHOT_MODES = ["initial", "no_data", "when_needed", "always", "initial_only"] as const;

/**
 * Arguments of a pipeline. All but the passwords are plain values and no outputs: names of resources follow from them, and they
 * are checked before anything is declared. The defaults are those of `pipelineArgs`.
 */
export interface PipelineArgs extends Partial<ExistingSettings>, Partial<ClusterSettings> {
  /** What the names of all Docker objects start with, as in `cdc-dev-kafka`: one pipeline, one prefix. @default `<project>-<stack>` */
  prefix: string;
  /** A database that somebody else runs, in place of a container. @default none: the stack makes its own */
  existingDatabase?: ExistingDatabase;
  /** TCP port of Postgres on 127.0.0.1. @default 55432 */
  postgresPort: number;
  /** TCP port of the Kafka broker on 127.0.0.1. @default 29092 */
  kafkaPort: number;
  /** TCP port of Kafka Connect's REST API on 127.0.0.1. @default 8083 */
  connectPort: number;
  /** TCP port of the consumer's page and API on 127.0.0.1. @default 8088 */
  consumerPort: number;
  /** Name of the database, made at the first start; of an existing one, which is captured. @default "cdctest" */
  database: string;
  /** Its superuser, made at the first start; of an existing one, who makes the capture. @default "cdctest" */
  user: string;
  /** The superuser's password. A secret from here on. Of an existing database empty, where a command prints it. */
  password: pulumi.Input<string>;
  /**
   * Password of the connector's role in an existing database. With it a role of that name that somebody else made is used
   * as it is. @default a random one
   */
  capturePassword?: pulumi.Input<string>;
  /** `schema.table`, `schema.*` or `!schema.table`, each once, a name in double quotes only where it must be. @default ["public.customers"] */
  tables: string[];
  /** What updates and deletes tell of the old row: `FULL` all of it, `DEFAULT` its key. @default "FULL" */
  replicaIdentity: "FULL" | "DEFAULT";
  /** First part of every topic's name: `<topicPrefix>.<schema>.<table>`. @default "cdctest" */
  topicPrefix: string;
  /** Whether topics stay in Kafka that are no longer declared: of a table taken out, of another prefix. @default true */
  keepTopics: boolean;
  /** How long Kafka keeps the records of the tables' topics, in milliseconds; -1 for ever. @default 7 days */
  retentionMs: number;
  /** What Kafka does with the tables' older records. One that compacts takes tables with a key only. @default "delete" */
  cleanupPolicy: CleanupPolicy;
  /** Memory limit of Postgres' container in MB of 2^20 bytes, 512 at least. @default 512 */
  postgresMemoryMb: number;
  /** Memory limit of the broker's container in MB of 2^20 bytes, 768 at least; what `maxRecordMb` takes comes on top. @default 768 */
  kafkaMemoryMb: number;
  /** Memory limit of Kafka Connect's container in MB of 2^20 bytes, 1024 at least; what `maxRecordMb` takes comes on top. @default 1024 */
  connectMemoryMb: number;
  /** Memory limit of the consumer's container in MB of 2^20 bytes, 384 at least. @default 384 */
  consumerMemoryMb: number;
  /** Name of the connector in Kafka Connect. @default "customer-cdc" */
  connectorName: string;
  /** Name of the connector's role and publication in the database, and of the schema of its signal table. @default "debezium" */
  captureName: string;
  /** Debezium's `snapshot.mode`: what becomes of rows that were there before. @default "initial" */
  snapshotMode: (typeof SNAPSHOT_MODES)[number];
  /** Whether a change comes to be in the topics once only, also after a crash: records and offsets are written in one transaction. @default false */
  exactlyOnce: boolean;
  /** Whether the brokers have each record on the disk before they acknowledge it, so that a power cut loses none. @default false */
  flushBeforeAck: boolean;
  /** The largest record Kafka takes, in MB of 2^20 bytes, 1 to 64. @default 16 */
  maxRecordMb: number;
  /** Debezium keys of the user's own, which win over ours. @default {} */
  connectorConfig: Record<string, ConfigValue>;
  /** Those of them that nobody else may read, by key: each goes to the worker as a file. @default {} */
  connectorSecrets: Record<string, string>;
  /** Folder with the SQL files that run once, when the database is made. Relative to the folder that `pulumi` runs in. @default the package's `database` */
  initFolder: string;
  /** Who reads the changes: `handler` (the consumer with your own handler), `none`, or an image with its tag. @default "handler" */
  consumer: string;
  /** File that exports the consumer's `handle`. Relative to the folder that `pulumi` runs in. @default the package's `consumer/handler.ts` */
  handler: string;
  /** Variables of the consumer's environment beside those of the stack. @default {} */
  handlerEnv: Record<string, string>;
  /** Those of them that nobody else may see, by name: each a file, and `NAME_FILE` says where. @default {} */
  handlerSecrets: Record<string, string>;
  /** Topics that the consumer reads as soon as they exist, beside those that the config tells; `*` stands for any characters. @default [] */
  consumerTopics: string[];
  /** The consumer's log: a JSON line a change, or text. @default "json" */
  logFormat: "json" | "text";
  /** How much Kafka Connect with Debezium, the broker, ZooKeeper and the consumer log. @default "info" */
  logLevel: LogLevel;
  /** What keeps the broker's metadata. Another one than the last `up`'s is refused: the broker's volume would have to be replaced. @default "zookeeper" */
  coordination: Coordination;
  /** An image with the layout of images/kafka. Empty: built from that folder. @default "" */
  kafkaImage: string;
  /**
   * Plugins of Kafka Connect beside Debezium's for Postgres, separated by commas: folders with jars, relative to the folder that
   * `pulumi` runs in, or `group:artifact:version:packaging:classifier@sha256:…`. @default none
   */
  connectPlugins?: string;
  /**
   * Secrets for connectors beside the pipeline's own, by name. Each becomes a file of the workers, to which a config refers with
   * `secretRef(name)`. @default {}
   */
  connectSecrets: Record<string, pulumi.Input<string>>;
  /** Version of Postgres in the image that is built from images/postgres. @default 17 */
  postgresVersion: PostgresVersion;
  /** An image of Postgres: an official one, or one made from it. Empty: built from images/postgres. @default "" */
  postgresImage: string;
  /** Server settings of the stack's own Postgres, by name: `{ max_slot_wal_keep_size: "20GB" }`. @default {} */
  postgresConfig: Record<string, string>;
  /** What was found on this machine before anything is declared: `lookAround`. */
  found: Found;
}
