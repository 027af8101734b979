import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { pipelineArgs, type PipelineSettings } from "../../../components/pipeline/pipeline-defaults";

const args = (given: Partial<PipelineSettings>) => pipelineArgs({ password: "word", ...given });

const DATABASE = { host: "db.example", port: 5432, containerHost: "db.example" };
const KAFKA = { servers: "kafka.example:9092", internalServers: "kafka.example:9092", security: {} } as NonNullable<
  PipelineSettings["existingKafka"]
>;
const CONNECT = { url: "http://connect.example:8083", security: {} } as NonNullable<
  PipelineSettings["existingConnect"]
>;

test("an argument that is undefined has its default", () => {
  const settings = args({ topicPrefix: undefined, kafkaPort: undefined, tables: undefined, existingKafka: undefined });
  expect(settings).toMatchObject({ topicPrefix: "cdctest", kafkaPort: 29092, tables: ["public.customers"] });
  expect(args({ connectPlugins: undefined, databaseAddress: undefined })).not.toHaveProperty("connectPlugins");
});

test("an existing database has a name and an administrator of any form", () => {
  const there = { existingDatabase: DATABASE, database: "Shop-2", user: "admin@shop" };
  expect(args(there)).toMatchObject(there);
  expect(() => args({ database: "Shop-2" })).toThrow(/:database is "Shop-2"/);
});

test("what is about the stack's own parts is refused beside parts that exist, and what is about those is taken", () => {
  const there = { existingKafka: KAFKA, existingConnect: CONNECT, existingDatabase: DATABASE };
  expect(args({ ...there, connectPlainSecrets: true })).toMatchObject({ ...there, connectPlainSecrets: true });
  expect(() => args({ ...there, flushBeforeAck: true })).toThrow(
    /:flushBeforeAck is a property of the stack's own brokers/,
  );
  expect(() => args({ ...there, connectPlugins: "./plugins/mine" })).toThrow(
    /:connectPlugins is for workers of the stack's own/,
  );
  expect(() => args({ ...there, brokers: 3 })).toThrow(/:brokers/);
  expect(() => args({ ...there, captureName: "me", user: "me" })).toThrow(/another name than the user of/);
  // Fields of somebody else's Debezium are not known here.
  expect(args({ ...there, connectorConfig: { "some.key": 1 } }).connectorConfig).toEqual({ "some.key": 1 });
  expect(() => args({ connectorConfig: { "some.key": 1 } })).toThrow(/knows no such setting/);
});

test("addresses of existing parts are checked as those of settings are", () => {
  expect(() => args({ existingConnect: CONNECT })).toThrow(
    /:connectUrl names a cluster that writes to a Kafka of its own/,
  );
  expect(() => args({ existingKafka: { ...KAFKA, servers: "kafka", internalServers: "" } })).toThrow(
    /:bootstrapServers is "kafka"; allowed: host:port/,
  );
});

test("a secret key is checked as a plain one is, and a role's password needs a database of somebody else's", () => {
  expect(() => args({ connectorSecrets: { "database.password": "word" } })).toThrow(/Set cdc:capturePassword instead/);
  expect(() => args({ capturePassword: "word" })).toThrow(/existingDatabase names none/);
  expect(args({ capturePassword: "word", existingDatabase: DATABASE })).toHaveProperty("capturePassword");
});

test("passwords are secrets", async () => {
  expect(await pulumi.isSecret(args({}).password)).toBe(true);
});

test("an argument of the pipeline's own database is refused beside one that exists, and an empty password in any case", () => {
  const others = {
    postgresPort: 5433,
    postgresMemoryMb: 600,
    postgresVersion: 18,
    postgresImage: "postgres:18",
  } as const;
  for (const [key, value] of Object.entries({ ...others, initFolder: "rows" }))
    expect(() => args({ existingDatabase: DATABASE, [key]: value })).toThrow(
      `:${key} is about a database of the pipeline's own, and existingDatabase names another one: take it away.`,
    );
  expect(args({ existingDatabase: DATABASE, postgresPort: 55432, postgresConfig: {} })).toHaveProperty(
    "existingDatabase",
  );
  expect(() => args({ password: "" })).toThrow(":password is empty");
  expect(() => args({ existingDatabase: DATABASE, capturePassword: "" })).toThrow(":capturePassword is empty");
  expect(args({ existingDatabase: DATABASE, password: "" })).toHaveProperty("existingDatabase");
});

test.each(["connectorSecrets", "handlerSecrets"])("an empty one of %s is refused", (key) => {
  expect(() => args({ [key]: { SINK_WORD: "" } })).toThrow('["SINK_WORD"] is empty, and among the secrets');
});

test("what the stack goes by cannot be among a program's secrets", () => {
  expect(() => args({ connectorSecrets: { "max.batch.size": "4096" } })).toThrow(
    '["max.batch.size"] is among the secrets, and the stack goes by its value: give it as a plain one.',
  );
});
