import { describe, expect, test } from "@jest/globals";
import { includeList, postgresSource } from "../../../../components/connector/config/postgres-source";
import { sourceTroubles, type SourceFacts } from "../../../../components/connector/slot/source-check";
import { notPast, notStreaming } from "../../../../components/connector/verbs/wait";
import { namedTables, snapshotInOffsets, outputTopics } from "../../../../components/connector/slot/source";

const ARGS = {
  hostname: "postgres",
  database: "cdctest",
  user: "debezium",
  password: "${secrets:/kafka/secrets:database-password}",
  topicPrefix: "cdctest",
  tables: ["public.customers", "public.orders"],
  slotName: "cdc_dev",
  publication: "debezium",
};

describe("postgresSource", () => {
  test("the whole config, for review", () => {
    expect(postgresSource(ARGS)).toMatchInlineSnapshot(`
     {
       "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
       "converters": "text",
       "database.dbname": "cdctest",
       "database.hostname": "postgres",
       "database.password": "\${secrets:/kafka/secrets:database-password}",
       "database.port": 5432,
       "database.user": "debezium",
       "decimal.handling.mode": "string",
       "driver.binaryTransfer": false,
       "driver.receiveBufferSize": 65536,
       "driver.socketFactory": "cdc.PatientSocketFactory",
       "extended.headers.enabled": false,
       "heartbeat.action.query": "SELECT pg_logical_emit_message(true, 'cdc.heartbeat', '')",
       "heartbeat.interval.ms": 5000,
       "interval.handling.mode": "string",
       "key.converter": "cdc.StreamingJsonConverter",
       "key.converter.replace.null.with.default": false,
       "key.converter.schemas.enable": false,
       "lsn.flush.timeout.action": "ignore",
       "lsn.flush.timeout.ms": 1,
       "max.batch.size": 512,
       "max.queue.size": 1024,
       "max.queue.size.in.bytes": 50000000,
       "message.prefix.exclude.list": "cdc\\.heartbeat",
       "plugin.name": "pgoutput",
       "poll.interval.ms": 50,
       "producer.override.acks": "all",
       "producer.override.batch.size": 262144,
       "producer.override.buffer.memory": 17825792,
       "producer.override.enable.idempotence": true,
       "producer.override.interceptor.classes": "cdc.GatheringInterceptor",
       "producer.override.linger.ms": 0,
       "producer.override.max.in.flight.requests.per.connection": 5,
       "publication.autocreate.mode": "disabled",
       "publication.name": "debezium",
       "queue.provider.type": "prompt",
       "retriable.restart.connector.wait.ms": 2000,
       "skipped.operations": "none",
       "slot.name": "cdc_dev",
       "slot.retry.delay.ms": 1000,
       "snapshot.fetch.size": 1024,
       "snapshot.mode": "initial",
       "sourceinfo.struct.maker": "cdc.OrderedSource",
       "table.ignore.builtin": false,
       "table.include.list": "(?-i)public\\.customers,(?-i)public\\.orders",
       "tasks.max": 1,
       "text.type": "cdc.PostgresTextConverter",
       "time.precision.mode": "isostring",
       "tombstones.on.delete": true,
       "topic.creation.default.partitions": 1,
       "topic.creation.default.replication.factor": 1,
       "topic.prefix": "cdctest",
       "value.converter": "cdc.StreamingJsonConverter",
       "value.converter.replace.null.with.default": false,
       "value.converter.schemas.enable": false,
     }
    `);
  });

  test("overrides win", () => {
    const config = postgresSource({
      ...ARGS,
      pollIntervalMs: 1,
      overrides: { "poll.interval.ms": 50, "snapshot.fetch.size": 1 },
    });
    expect(config).toMatchObject({ "poll.interval.ms": 50, "snapshot.fetch.size": 1 });
  });

  test("exactly once: records and offsets in one transaction for what is at hand, the next begun without a wait", () => {
    const [usual, once] = [postgresSource(ARGS), postgresSource({ ...ARGS, exactlyOnce: true })];
    expect(Object.fromEntries(Object.entries(once).filter(([key]) => !(key in usual)))).toEqual({
      "exactly.once.support": "required",
      "transaction.boundary": "poll",
      "producer.override.retry.backoff.ms": 2,
    });
    expect(once).toMatchObject({ ...usual, "max.batch.size": 2048, "max.queue.size": 4096 });
    const foreign = postgresSource({ ...ARGS, exactlyOnce: true, producerOverrides: false });
    expect(foreign).toMatchObject({ "exactly.once.support": "required" });
    expect(Object.keys(foreign).filter((key) => key.startsWith("producer."))).toEqual([]);
  });

  test("the producer holds one record of the largest size", () => {
    expect(postgresSource({ ...ARGS, maxRecordMb: 32 })).toMatchObject({
      "producer.override.buffer.memory": 34_603_008,
    });
  });

  test("a list of message prefixes to take takes the place of ours to leave out", () => {
    const config = postgresSource({ ...ARGS, overrides: { "message.prefix.include.list": "audit" } });
    expect(Object.keys(config).filter((key) => key.startsWith("message."))).toEqual(["message.prefix.include.list"]);
  });

  test("a worker without this project's classes is told of none, and looks often", () => {
    const config = postgresSource({ ...ARGS, extensions: false });
    // Its producer is not mended: of two first batches the second may be written alone.
    expect(config).toMatchObject({ "producer.override.max.in.flight.requests.per.connection": 1 });
    expect(config).toMatchObject({ "poll.interval.ms": 5 });
    expect(Object.keys(config).filter((key) => /^(queue|lsn)\.|socketFactory/.test(key))).toEqual([]);
    expect(Object.values(config).filter((value) => /^(cdc\.|prompt$)/.test(String(value)))).toEqual([]);
    expect(config).toMatchObject({ "value.converter": "org.apache.kafka.connect.json.JsonConverter" });
  });

  test("its queue is larger than its batch", () => {
    const config = postgresSource(ARGS);
    expect(Number(config["max.queue.size"])).toBeGreaterThan(Number(config["max.batch.size"]));
    expect(postgresSource({ ...ARGS, overrides: { "max.batch.size": "4096" } })).toMatchObject({
      "max.batch.size": "4096",
      "max.queue.size": 8192,
    });
  });

  test("table names are taken as names, and schema.* as all tables of the schema", () => {
    expect(includeList(["public.cash$", "sales.*"])).toBe("(?-i)public\\.cash\\$,(?-i)sales\\..*");
    expect(() => includeList([])).toThrow("tables is empty");
  });
});

describe("tables of a config", () => {
  test("patterns are no names", () => {
    const list = "public.a, public\\.b,public.cash\\$,sales\\..*,(?-i)sales\\..*,(?-i)public\\.Größe,public\\.d\\d";
    expect(namedTables({ "table.include.list": list })).toEqual([
      "public.a",
      "public.b",
      "public.cash$",
      "public.Größe",
    ]);
  });

  test("make its topics, with what it wrote to, without Debezium's own", () => {
    const config = { ...postgresSource({ ...ARGS, signalTable: "debezium.signals" }) } as Record<string, string>;
    const written = [
      "cdctest.public.orders",
      "cdctest.debezium.signals",
      "__debezium-heartbeat.cdctest",
      "cdctest.x.y",
    ];
    expect(outputTopics(config, written)).toEqual(["cdctest.public.customers", "cdctest.public.orders", "cdctest.x.y"]);
    expect(outputTopics({ "connector.class": "other" }, ["t"])).toEqual(["t"]);
  });
});

describe("offsets say of the snapshot", () => {
  const offsets = (...list: object[]) => ({ offsets: list.map((offset) => ({ partition: {}, offset })) });
  test.each([
    ["unknown", undefined],
    ["unknown", { offsets: [] }],
    ["running", offsets({ snapshot: "INITIAL", last_snapshot_record: false, lsn: 1 })],
    ["done", offsets({ snapshot: "INITIAL", last_snapshot_record: true, lsn: 1 })],
    ["done", offsets({ lsn: 1, lsn_proc: 1 })],
  ])("%s", (word, body) => {
    expect(snapshotInOffsets(body)).toBe(word);
  });
});

describe("before Connect is told anything", () => {
  const config = postgresSource(ARGS) as Record<string, string>;
  const facts: SourceFacts = {
    walLevel: "logical",
    role: "debezium",
    replication: true,
    published: ARGS.tables,
    existing: [...ARGS.tables, "public.other"],
    readable: ARGS.tables,
  };

  test("a database that is ready has no trouble", () => {
    expect(sourceTroubles(config, facts)).toEqual([]);
  });

  test.each<[string, Partial<SourceFacts>]>([
    ["wal_level is replica. Start Postgres with wal_level=logical.", { walLevel: "replica" }],
    ["Role debezium lacks REPLICATION. ALTER ROLE debezium REPLICATION.", { replication: false }],
    [
      "Role debezium may not read public.orders. GRANT SELECT on it and USAGE on its schema.",
      { readable: ["public.customers"] },
    ],
    ["Publication debezium does not exist. Create it (PostgresCapture does).", { published: null }],
    [
      "Publication debezium leaves out public.orders: none of its changes would arrive.",
      { published: ["public.customers"] },
    ],
    [
      "Table public.orders does not exist. Did you mean public.order?",
      { existing: ["public.customers", "public.order"] },
    ],
  ])("%s", (trouble, change) => {
    expect(sourceTroubles(config, { ...facts, ...change })).toEqual([trouble]);
  });

  test("a publication that Debezium makes itself need not be there", () => {
    const filtered = { ...config, "publication.autocreate.mode": "filtered" };
    expect(sourceTroubles(filtered, { ...facts, published: null })).toEqual([]);
  });
});

describe("notPast", () => {
  const state = { exists: true, active: true, reader: "Debezium Streaming", pid: 7, caughtUp: true };
  test.each([
    ["had not failed", undefined, 500n, 0, undefined],
    ["has read it, and Kafka may still refuse it", 500n, 499n, 19_999, "not yet past what it failed on"],
    ["has it safe in Kafka", 500n, 500n, 0, undefined],
    ["works on a backlog", 500n, 499n, 20_000, undefined],
  ])("a task that %s", (_what, failedBefore, confirmed, steadyMs, seen) => {
    expect(notPast({ ...state, confirmed }, failedBefore, steadyMs)).toBe(seen);
  });
});

describe("notStreaming", () => {
  const state = { exists: true, active: true, reader: "Debezium Streaming", pid: 7, caughtUp: true, confirmed: 500n };
  test.each([
    ["no slot", { ...state, exists: false, active: false }, false, 9000, "no slot cdc yet"],
    [
      "one that is being made, which waits for others' transactions",
      { ...state, caughtUp: false, confirmed: undefined },
      false,
      9000,
      "slot cdc is being made",
    ],
    [
      "a snapshot",
      { ...state, active: false },
      false,
      9000,
      "slot cdc not read yet: a snapshot is under way, or the task restarts again and again",
    ],
    ["the old task", state, true, 9000, "slot cdc still read for the old task"],
    ["somebody else", { ...state, reader: "psql" }, false, 9000, "slot cdc is read by psql, not by Debezium"],
    [
      "a reader that may fail yet",
      { ...state, caughtUp: false },
      false,
      1999,
      "slot cdc has a reader that has not caught up yet",
    ],
    ["one that is at work on a backlog", { ...state, caughtUp: false }, false, 2000, undefined],
    ["one whose name the role may not see", { ...state, reader: "" }, false, 0, undefined],
    ["one that waits for changes", state, false, 0, undefined],
  ])("%s", (_what, now, old, steadyMs, seen) => {
    expect(notStreaming("cdc", now, old, steadyMs)).toBe(seen);
  });
});
