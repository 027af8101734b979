import * as pulumi from "@pulumi/pulumi";
import { besideOverrides } from "./beside-overrides";
import { notificationTopic } from "../snapshot/notifications";
import { CHUNK_ROWS } from "../snapshot/snapshot-signal";
import { exactlyOnce, speed } from "./source-speed";
import { schemaPattern, tablePattern } from "./table-patterns";
import type { ConfigValue } from "../connector-types";

export const POSTGRES_CONNECTOR = "io.debezium.connector.postgresql.PostgresConnector";

type In<T> = pulumi.Input<T>;

export interface PostgresSourceArgs {
  /** Postgres' host as the Connect worker sees it: a container name. */
  hostname: In<string>;
  /** Its port as the Connect worker sees it. @default 5432 */
  port?: In<number>;
  /** Database to capture. */
  database: In<string>;
  /** Role with LOGIN, REPLICATION and SELECT on the tables: `PostgresCapture.role`. */
  user: In<string>;
  /** Reference to the password: `secretRef("database-password")`, never the password itself. @default in `secretConfig` */
  password?: In<string>;
  /** TLS to the server, by the worker's files: `tlsFiles`. @default Debezium's own: where the server offers it */
  tls?: Record<string, In<string>>;
  /** First part of every topic's name: `<topicPrefix>.<schema>.<table>`. */
  topicPrefix: In<string>;
  /** Tables to capture, `schema.table` without quotes or `schema.*`: `PostgresCapture.captured`. */
  tables: In<string[]>;
  /** Columns to leave out, `schema.table.column` without quotes: `PostgresCapture.generated`. @default none */
  leftOut?: In<string[]>;
  /** Replication slot, used by this connector only: `PostgresCapture.slotName`. Lower-case letters, digits, `_`, at most 63. */
  slotName: In<string>;
  /** Publication to read: `PostgresCapture.publication`. */
  publication: In<string>;
  /**
   * Who makes the publication. `disabled`: it exists already. `filtered`: Debezium makes it for the tables, which the role must own.
   * `all_tables`: Debezium makes it for all tables, which needs a superuser. @default "disabled"
   */
  publicationMode?: In<"disabled" | "filtered" | "all_tables" | "no_tables">;
  /**
   * What to do with the rows that exist when the connector starts first. `initial` reads them once. `no_data` does not. `when_needed`
   * also reads them again when the slot no longer reaches back far enough. @default "initial"
   */
  snapshotMode?: In<"initial" | "no_data" | "when_needed" | "always" | "initial_only">;
  /** Table through which added tables are read: `PostgresCapture.signalTable`. Empty: none. @default none */
  signalTable?: In<string>;
  /**
   * Whether Connect has the classes of `images/kafka/extensions`. With them an event is read and handed over when it comes,
   * a quiet database costs no CPU, and JSON is written with less CPU. Without them Debezium polls every
   * `pollIntervalMs`. @default true
   */
  extensions?: boolean;
  /** Whether Connect lets a connector configure its producer: `connector.client.config.override.policy`. @default true */
  producerOverrides?: boolean;
  /** Keys that this function sets and Connect's Debezium does not know: they are left out. @default none */
  unlisted?: readonly string[];
  /** Whether the worker's own properties let its producers send records of `maxRecordMb`. @default as `extensions` */
  workerTakesRecords?: boolean;
  /**
   * Milliseconds that Debezium pauses when it found no event (`poll.interval.ms`, Debezium's own default is 500). With the extensions it
   * pauses only after 2.5 s without an event. Without them it pauses after each poll, so this is its latency.
   * @default 50; 5 without extensions
   */
  pollIntervalMs?: In<number>;
  /** The most events in a batch. @default 512; 2048 with `exactlyOnce` */
  maxBatchSize?: In<number>;
  /** The most events in the queue; must be more than a batch. @default two batches, 1024 at least */
  maxQueueSize?: In<number>;
  /** The most bytes of events in the queue, by Debezium's estimate: the bound for wide rows. 0: no bound. @default 50 MB */
  maxQueueBytes?: In<number>;
  /** Copies of each topic that Connect makes by itself (replication factor); -1: the broker's default. @default -1 */
  replicationFactor?: In<number>;
  /** The largest record in MB of 2^20 bytes. Broker and worker must allow it too. @default 16 */
  maxRecordMb?: number;
  /** Milliseconds between heartbeats, which let Postgres recycle WAL while only tables that are not captured are written. @default 5000 */
  heartbeatMs?: In<number>;
  /**
   * A SELECT of the captured tables that are no longer as they were captured: dropped, renamed, unpublished. Each heartbeat runs it as
   * the connector's role, and writes what it finds into a logical message with the prefix `cdc.capture`. @default none
   */
  changedTables?: string;
  /** An UPDATE that each heartbeat runs before that SELECT, for what the SELECT compares at the next heartbeat. @default none */
  look?: string;
  /**
   * Whether records and offsets are written in one transaction. Then changes that the connector reads again after a crash are not
   * in the topics twice. The worker must have `exactly.once.source.support=enabled`. @default false
   */
  exactlyOnce?: boolean;
  /** Follow a delete with a null value, for log compaction. @default true */
  tombstones?: In<boolean>;
  /** How numeric columns are written: `string` keeps all digits readable. @default "string" */
  decimals?: In<"string" | "double" | "precise">;
  /**
   * Any further Debezium or Connect key; wins over everything above. Lists of converters and of message prefixes are added to the stack's own, and
   * transforms without a predicate get one that leaves out Debezium's notifications. @default {}
   */
  overrides?: Record<string, In<ConfigValue>>;
}

/**
 * A config for Debezium's Postgres connector: every change, TRUNCATE and logical messages included, as plain JSON,
 * at low latency, with nothing that needs a superuser.
 */
export function postgresSource(args: PostgresSourceArgs): Record<string, In<ConfigValue>> {
  const own = {
    "connector.class": POSTGRES_CONNECTOR,
    "tasks.max": 1,
    ...source(args),
    ...events(args),
    ...speed(args),
    ...(args.exactlyOnce ? exactlyOnce(args) : {}),
    ...(args.signalTable ? addedTables(args.topicPrefix, args.signalTable) : {}),
  };
  const known = Object.entries(own).filter(([key]) => !args.unlisted?.includes(key));
  return {
    ...Object.fromEntries(known),
    ...args.overrides,
    ...leftOut(args),
    ...besideOverrides(args),
  };
}

/**
 * Generated columns are left out of snapshots and stream alike. The stream has none before Postgres 18, and the stored ones since. A
 * first snapshot has all, and an incremental snapshot fails on them (3.7.0). Columns that `overrides` excludes are left out too. Where
 * `overrides` has a `column.include.list`, that list alone decides.
 */
function leftOut({ leftOut: columns, overrides = {} }: PostgresSourceArgs): Record<string, In<ConfigValue>> {
  const own = overrides["column.exclude.list"];
  const listed = (names: string[]): string => names.map(tablePattern).join(",");
  if (columns === undefined || "column.include.list" in overrides) return {};
  if (Array.isArray(columns) && own === undefined)
    return columns.length > 0 ? { "column.exclude.list": listed(columns) } : {};
  return {
    "column.exclude.list": pulumi
      .all([columns, own])
      .apply(([names, more]) => [more ? String(more) : "", listed(names)].filter(Boolean).join(",")),
  };
}

/** Keys for the snapshots of tables that are added later: the signals that ask for them, and the notifications that tell their progress. */
function addedTables(topicPrefix: In<string>, signalTable: In<string>): Record<string, In<ConfigValue>> {
  return {
    "signal.data.collection": signalTable,
    "incremental.snapshot.chunk.size": CHUNK_ROWS,
    "notification.enabled.channels": "sink",
    "notification.sink.topic.name":
      typeof topicPrefix === "string"
        ? notificationTopic(topicPrefix)
        : pulumi.output(topicPrefix).apply(notificationTopic),
  };
}

function source(args: PostgresSourceArgs): Record<string, In<ConfigValue>> {
  return {
    "database.hostname": args.hostname,
    "database.port": args.port ?? 5432,
    "database.dbname": args.database,
    "database.user": args.user,
    ...(args.password !== undefined && { "database.password": args.password }),
    ...args.tls,
    "plugin.name": "pgoutput",
    "slot.name": args.slotName,
    "publication.name": args.publication,
    "publication.autocreate.mode": args.publicationMode ?? "disabled",
    "table.include.list": Array.isArray(args.tables)
      ? includeList(args.tables)
      : pulumi.output(args.tables).apply(includeList),
    // The list names each table exactly. With Debezium's default, tables that PostGIS makes are left out silently.
    "table.ignore.builtin": false,
    "snapshot.mode": args.snapshotMode ?? "initial",
    // A table that ALTER TABLE writes anew after the snapshot's moment, and before it is read, would be found empty. So all are locked against that first.
    ...((args.extensions ?? true)
      ? { "snapshot.locking.mode": "custom", "snapshot.locking.mode.custom.name": "cdc" }
      : { "snapshot.locking.mode": "shared" }),
    "heartbeat.interval.ms": args.heartbeatMs ?? 5000,
    "heartbeat.action.query":
      typeof args.slotName === "string"
        ? heartbeatInLog(args, args.slotName)
        : pulumi.output(args.slotName).apply((slot) => heartbeatInLog(args, slot)),
    // Debezium asks a database that was away for a moment again soon, and reports a taken slot in seconds, not in a minute.
    "retriable.restart.connector.wait.ms": 2000,
    "slot.retry.delay.ms": 1000,
  };
}

/**
 * Each heartbeat also writes a few bytes into the database's log, as a message that Debezium reads back and sends to no topic.
 * Debezium's offset moves only with what Debezium reads. While only tables that are not captured are written, Postgres would
 * keep their log for ever. The driver could confirm that log by itself (`lsn.flush.mode=connector_and_driver`), but then the slot is
 * ahead of the offset, and the task's next start fails: "no longer available on the server" (3.7.0).
 *
 * @param slot the connector's own: every connector of the database reads what is said of captured tables
 */
function heartbeatInLog({ changedTables, look }: PostgresSourceArgs, slot: string): string {
  const changed =
    changedTables === undefined
      ? ""
      : `, (SELECT pg_logical_emit_message(true, 'cdc.capture', '[{"slot":"${slot}"},' || substr(json_agg(t)::text, 2)) ` +
        `FROM (${changedTables} LIMIT ${CHANGED_AT_MOST}) t HAVING count(*) > 0)`;
  const looked = look === undefined ? "" : `WITH look AS (${look}) `;
  return `${looked}SELECT pg_logical_emit_message(true, 'cdc.heartbeat', '')${changed}`;
}

/** A message names so many changed tables at most: somebody may drop a schema of thousands. */
const CHANGED_AT_MOST = 50;

function events(args: PostgresSourceArgs): Record<string, In<ConfigValue>> {
  // Both write the same bytes.
  const converter =
    (args.extensions ?? true) ? "cdc.StreamingJsonConverter" : "org.apache.kafka.connect.json.JsonConverter";
  return {
    "topic.prefix": args.topicPrefix,
    // The default skips TRUNCATE. A copy made from the events would keep the rows that it removed.
    "skipped.operations": "none",
    "tombstones.on.delete": args.tombstones ?? true,
    "decimal.handling.mode": args.decimals ?? "string",
    // Dates, times and intervals as ISO 8601 text, to the microsecond, and not as numbers whose unit the reader must know.
    "time.precision.mode": "isostring",
    "interval.handling.mode": "string",
    "key.converter": converter,
    "key.converter.schemas.enable": false,
    "key.converter.replace.null.with.default": false,
    "value.converter": converter,
    "value.converter.schemas.enable": false,
    // A NULL stays NULL. Kafka's converter would write the column's default for it.
    "value.converter.replace.null.with.default": false,
    // Four headers that are equal in all records take as long to read as the rest of the record.
    "extended.headers.enabled": false,
    // For Debezium's own topics (heartbeats, notifications). The tables' topics are resources, and exist before.
    "topic.creation.default.partitions": 1,
    "topic.creation.default.replication.factor": args.replicationFactor ?? -1,
  };
}

/** Debezium's `table.include.list`, one entry for each table or schema. @throws when `tables` is empty */
export function includeList(tables: readonly string[]): string {
  if (tables.length === 0) throw new Error("postgresSource: tables is empty; name at least one as schema.table.");
  return tables
    .map((table) => (table.endsWith(".*") ? schemaPattern(table.slice(0, -2)) : tablePattern(table)))
    .join(",");
}
