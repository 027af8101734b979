import type { CaptureInputs } from "../../../components/capture/capture-types";

/** Tables with the message of a preview that refuses them. */
export type Case = [what: string, tables: string, reason: string, inputs?: Partial<CaptureInputs>];

/** Kinds of tables, and names that no table has. */
export const KINDS: Case[] = [
  [
    "a partition",
    "s.metrics_2026",
    "s.metrics_2026 is a partition of s.metrics, with which it is captured: name that.",
  ],
  ["a view", "s.seen", "s.seen is a view, which has no changes of its own: name the tables that it reads."],
  [
    "a materialized view",
    "s.kept",
    "s.kept is a materialized view, which logical replication does not have: name the tables that it reads.",
  ],
  [
    "an unlogged table",
    "s.quick",
    "s.quick is unlogged, so its changes are in no log: run ALTER TABLE s.quick SET LOGGED.",
  ],
  ["a sequence", "s.numbers", "s.numbers is a sequence, which logical replication does not have: name a table."],
  [
    "a foreign table",
    "s.remote",
    "s.remote is a foreign table, whose changes are in another database: capture it there.",
  ],
  [
    "one of Postgres' own",
    "pg_catalog.pg_class",
    "pg_catalog.pg_class is one of Postgres' own tables, which logical replication does not have: name one of yours.",
  ],
  ["a slip of the pen", "s.metric", "Table s.metric does not exist. Did you mean s.metrics?"],
  ["another schema's", "public.metrics", "Table public.metrics does not exist. Did you mean s.metrics?"],
];

/** Tables with a fault, and objects of somebody else with a wanted name. */
export const REFUSED: Case[] = [
  [
    "partitioned and keyless",
    "s.lines",
    "s.lines: partitioned and without a primary key, so applications could not UPDATE or DELETE in a partition that is made later. " +
      "Add a key.",
  ],
  [
    "partitioned with a deferrable key",
    "s.waits",
    "s.waits: partitioned and without a primary key, so applications could not UPDATE or DELETE in a partition that is made later. " +
      "Make that of s.waits NOT DEFERRABLE: a deferrable one is none to logical replication.",
  ],
  [
    "partitioned, and known by an index that the next partition does not have for that",
    "s.indexed",
    "s.indexed: partitioned and without a primary key, so applications could not UPDATE or DELETE in a partition that is made later. " +
      "Add a key.",
  ],
  [
    "inherited from",
    "s.vehicles",
    "s.vehicles: s.cars inherits from it, and logical replication does not publish a child's rows with its parent's. Name s.cars " +
      "in place of s.vehicles; rows of s.vehicles itself are then not captured: move them into a child (SELECT FROM ONLY s.vehicles shows them).",
  ],
  [
    "columns that differ in case",
    "s.plain",
    "s.plain: Debezium stops at columns whose names differ in case only (Size, size). Rename them.",
  ],
  [
    "a generated column as the key",
    "s.computed",
    "s.computed: generated columns are in no event, and twice is part of its key. Make it a plain column, or take it out of the key.",
  ],
  [
    "no column",
    "s.bare",
    "s.bare: it has no column that is in events, which have none that is generated: Debezium stops at it. Add one, or take it out of `tables`.",
  ],
  [
    "no column that is not generated",
    "s.derived",
    "s.derived: it has no column that is in events, which have none that is generated: Debezium stops at it. Add one, or take it out of `tables`.",
  ],
  [
    "no key, old rows by key",
    "s.keyless",
    "s.keyless: no primary key, so applications could no longer UPDATE or DELETE there once published. Add a key, or set " +
      "replicaIdentity to FULL.",
    { replicaIdentity: "DEFAULT" },
  ],
  [
    "a deferrable key, old rows by key",
    "s.later",
    "s.later: no primary key, so applications could no longer UPDATE or DELETE there once published. Make that of s.later NOT " +
      "DEFERRABLE: a deferrable one is none to logical replication, or set replicaIdentity to FULL.",
    { replicaIdentity: "DEFAULT" },
  ],
  [
    "an identity whose index was dropped",
    "s.gone",
    "s.gone: no primary key, so applications could no longer UPDATE or DELETE there once published. Add a key, or set " +
      "replicaIdentity to FULL.",
    { replicaIdentity: "DEFAULT" },
  ],
  [
    "an identity by another index than the key's",
    "s.seats",
    "s.seats: Postgres logs of a deleted row what its REPLICA IDENTITY USING INDEX has, and the record's key has id too. Run ALTER " +
      'TABLE "s"."seats" REPLICA IDENTITY DEFAULT, or set replicaIdentity to FULL.',
    { replicaIdentity: "DEFAULT" },
  ],
  [
    "no key for a compacted topic",
    "s.unclear",
    "s.unclear: no primary key or unique index that holds for all rows at any moment, so its records have none, and a compacted " +
      'topic takes no such record: the connector would stop. Add a key, name columns in connectorConfig["message.key.columns"], or set ' +
      "cleanupPolicy to delete.",
    { wantsKeys: true },
  ],
  [
    "a key that rows share, where Debezium is as it is published",
    "s.unclear",
    "s.unclear: Debezium as it is published takes a unique index' columns (id) for the key of its records, and rows may have them in " +
      "common: the index has WHERE, lets NULL through, is DEFERRABLE or not valid. Add a primary key, or capture with a worker of the " +
      "stack's own, which takes no such index.",
    { stock: { leftOut: "" } },
  ],
  [
    "NOT NULL that is not validated",
    "s.soft",
    "s.soft: its NOT NULL is not validated, so Debezium would write NULLs from before it as empty values. Run: ALTER TABLE " +
      '"s"."soft" VALIDATE CONSTRAINT "soft_v".',
  ],
  [
    "a virtual column and no key",
    "s.virtual",
    "s.virtual: no primary key, and with virtual column b Postgres would refuse every UPDATE and DELETE under REPLICA IDENTITY FULL. " +
      "Add a key, or make the column STORED.",
  ],
  [
    "an unlogged partition",
    "s.partly",
    's.partly: partition s.partly_2 is unlogged, so its changes are in no log. Run: ALTER TABLE "s"."partly_2" SET LOGGED.',
  ],
  [
    "two tables in one name",
    's."x.y"',
    's.x.y: Debezium cannot tell it from "s.x".y, as it joins schema and table with a dot. Rename one of them.',
  ],
  [
    "two tables with one topic",
    "odd.*",
    "odd.a b, odd.a_b: their changes would go to one topic, <topicPrefix>.odd.a_b. Rename one of them, or name one alone. " +
      "To go on without them, add !odd.a b,!odd.a_b to `tables`.",
  ],
  [
    "a name that begins with a quote",
    "quoted.*",
    'quoted."q: Debezium cannot ask for a name that begins or ends with a double quote. Rename it. ' +
      'To go on without it, add !quoted."""q" to `tables`.',
  ],
  [
    "policies that the administrator may not lift",
    "s.tenants",
    "s.tenants: row level security would hide rows from role debezium, and adminUser may not lift it. Let a superuser run: ALTER ROLE " +
      "small BYPASSRLS.",
    { adminUser: "small", adminPassword: "small" },
  ],
  [
    "a role of somebody else's",
    "public.customers",
    "Role mine already exists and was not made by this capture: it seems to belong to somebody else. Choose another name (role; " +
      "captureName in this project). If nothing needs it, run: DROP OWNED BY mine; DROP ROLE mine; To give it to this capture, which then " +
      "drops it at its own end, run: COMMENT ON ROLE mine IS 'Change data capture of cdc-dev/capture. Goes with it.'; If it was made for " +
      "this capture and must stay after it, set its password (existingRole and rolePassword; capturePassword in this project).",
    { role: "mine" },
  ],
  [
    "a publication of somebody else's",
    "public.customers",
    "Publication mine already exists and was not made by this capture: it seems to belong to its owner super. Choose another name " +
      "(publication; captureName in this project). If nothing needs it, run: DROP PUBLICATION mine; To give it to this capture, which then " +
      "drops it at its own end, run: COMMENT ON PUBLICATION mine IS 'Change data capture of cdc-dev/capture. Goes with it.';",
    { publication: "mine" },
  ],
  [
    "a signal table of somebody else's",
    "public.customers",
    "Table mine.signals already exists and was not made by this capture: it seems to belong to its owner super. Choose another name " +
      "(signalTable; captureName in this project). If nothing needs it, run: DROP TABLE mine.signals; To give it to this capture, which " +
      "then drops it at its own end, run: COMMENT ON TABLE mine.signals IS 'Change data capture of cdc-dev/capture. Goes with it.';",
    { signalTable: "mine.signals" },
  ],
  [
    "a slot of somebody else's",
    "public.customers",
    "Replication slot mine already exists and was not made by this capture: it seems to belong to another reader (not at work now, " +
      "database postgres, plugin pgoutput). Choose another name (slotName; connectorName in this project). If nothing needs it, run: SELECT " +
      "pg_drop_replication_slot('mine');",
    { slotName: "mine" },
  ],
];
