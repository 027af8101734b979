import { describe, expect, test } from "@jest/globals";
import { includeList, postgresSource } from "../../../../components/connector/config/postgres-source";
import { ARGS } from "../source-args";

describe("postgresSource", () => {
  test("keys that Connect's Debezium does not know are left out, and not those that somebody sets", () => {
    const unlisted = ["extended.headers.enabled", "tasks.max"];
    const config = postgresSource({ ...ARGS, unlisted, overrides: { "tasks.max": 1 } });
    expect(config).not.toHaveProperty(["extended.headers.enabled"]);
    expect(config).toHaveProperty(["tasks.max"], 1);
  });

  test("a worker of somebody's own with the classes has no properties for large records, so the connector sets them", () => {
    const limit = "producer.override.max.request.size";
    expect(postgresSource(ARGS)).not.toHaveProperty([limit]);
    expect(postgresSource({ ...ARGS, workerTakesRecords: false, maxRecordMb: 2 })).toHaveProperty([limit], 2097152);
    expect(postgresSource({ ...ARGS, workerTakesRecords: false, producerOverrides: false })).not.toHaveProperty([
      limit,
    ]);
  });

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
       "snapshot.locking.mode": "custom",
       "snapshot.locking.mode.custom.name": "cdc",
       "snapshot.mode": "initial",
       "sourceinfo.struct.maker": "cdc.OrderedSource",
       "table.ignore.builtin": false,
       "table.include.list": "(?-i)public\\.customers,(?-i)public\\.orders",
       "tasks.max": 1,
       "text.type": "cdc.PostgresTextConverter",
       "time.precision.mode": "isostring",
       "tombstones.on.delete": true,
       "topic.creation.default.partitions": 1,
       "topic.creation.default.replication.factor": -1,
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

  test("lists of message prefixes are about other people's messages: the stack hears its own, and hands on no heartbeat", () => {
    const listed = (list: string, value: string) => postgresSource({ ...ARGS, overrides: { [list]: value } });
    const prefixes = (config: object) =>
      Object.fromEntries(Object.entries(config).filter(([key]) => key.startsWith("message.")));
    const include = prefixes(listed("message.prefix.include.list", "audit"));
    expect(Object.keys(include)).toEqual(["message.prefix.include.list"]);
    const [own, told] = String(include["message.prefix.include.list"]).split(",");
    expect(own).toBe("audit");
    const taken = (prefix: string) => new RegExp(`^(?:${told})$`).test(prefix);
    expect(["cdc.capture", "cdc.begun-anew", "cdc.heartbeat", "audit"].map(taken)).toEqual([true, true, false, false]);
    expect(prefixes(listed("message.prefix.exclude.list", "noise.*"))).toEqual({
      "message.prefix.exclude.list": String.raw`noise.*,cdc\.heartbeat`,
    });
  });

  test("a worker without this project's classes is told of none, and looks often", () => {
    const config = postgresSource({ ...ARGS, extensions: false });
    // Its producer lacks this project's fix: of two first batches, only the second may be written.
    expect(config).toMatchObject({ "producer.override.max.in.flight.requests.per.connection": 1 });
    expect(config).toMatchObject({ "poll.interval.ms": 5 });
    // Without the look at what was written anew before the lock.
    expect(config).toMatchObject({ "snapshot.locking.mode": "shared" });
    expect(config).not.toHaveProperty(["snapshot.locking.mode.custom.name"]);
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
