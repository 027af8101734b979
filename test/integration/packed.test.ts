import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { freeStackPorts, type StackPorts } from "../../commands/processes/free-ports";
import { removeLabelled } from "../../commands/processes/docker";
import { checkoutWord } from "../../commands/stack/separate-stack";
import { STACK_LABEL } from "../../components/container/labels";
import { withDatabase } from "../../components/connector/slot/connector-session";
import { connectorProvider } from "../../components/connector/connector-provider";
import type { ConnectorInputs } from "../../components/connector/connector-types";
import { once } from "../../components/connector/rest/rest";
import { poll } from "../../components/poll";
import { Feed } from "../support/stack/feed";
import { PackedProgram } from "../support/program/packed-program";
import { docker, POSTGRES_MAJOR } from "../support/stack";
import { recordsOf, topicsOf } from "../support/stack/topic";
import { connectorAlone } from "./packed/connector-alone";

/**
 * Programs in other folders that have the package from a tarball. One makes only a connector. The others have more packages: one brings up the whole
 * pipeline, with a sink beside its source, and one captures two databases by that Kafka Connect, one of which the pipeline also captures.
 */
const NEEDED = ["@pulumi/docker", "@pulumi/kafka", "esbuild", "fzstd", "prom-client", "uplot"];
const PASSWORD = "a word of the database's";
const FILE = "/tmp/changes.jsonl";
const PLUGINS = [
  "org.apache.kafka:connect-file:3.9.2@sha256:7b675694e926bbf607cb99c0af1b3f9adb5ab960a1428c641a02dad257e95d49",
  "io.debezium:debezium-connector-mysql:3.6.0.Final:tar.gz:plugin@sha256:99d6573c11b1ddd609995fbc4afe31de616c1034e68c34741dfdef9aacc9f5c6",
];
/** Columns of types that the image's connector has read as Postgres prints them, and Debezium's own by itself; and their values, which look the same. */
const SHARED_COLUMNS =
  "day date DEFAULT '2026-02-03', span interval DEFAULT '1 day', at time DEFAULT '04:05', ids int[] DEFAULT '{1,2}'";
const SHARED_VALUES = { day: "2026-02-03Z", span: "P0Y0M1DT0H0M0S", at: "04:05:00Z", ids: [1, 2] };
const PREFIX = `archive-${checkoutWord()}`;
const WORKER = `${PREFIX}-connect`;
const OTHERS = ["cdctest", "billing"];
const TEXT = "org.apache.kafka.connect.storage.StringConverter";
const SINK = {
  ...{ "connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector", topics: "archive.public.customers" },
  ...{ "key.converter": TEXT, "value.converter": TEXT },
};
const provider = connectorProvider as Required<typeof connectorProvider>;
let ports: StackPorts;
let alone: PackedProgram;
let pipeline: PackedProgram;
let others: PackedProgram;
let outputs: { connectUrl: string; connectToken: string; bootstrapServers: string; feedUrl: string; sinkState: string };

const ask = <T>(database: string, sql: string): Promise<T[]> =>
  withDatabase(
    { host: "127.0.0.1", port: ports.postgresPort, database, user: "cdctest", password: PASSWORD },
    async (client) => (await client.query(sql)).rows as T[],
  );
const set = (program: PackedProgram, values: Record<string, unknown>, ...options: string[]): Promise<string> => {
  const texts = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return program.pulumi("config", "set-all", ...texts.flatMap(([key, text]) => [...options, `${key}=${text}`]));
};
const slots = (): Promise<object[]> =>
  ask("cdctest", "SELECT slot_name, active_pid FROM pg_replication_slots ORDER BY slot_name");
const connectors = async (): Promise<string[]> => {
  const target = { ...access(), operation: "test", until: Date.now() + 10_000 };
  return ((await once(target, "GET", "/connectors")).body as string[]).sort();
};
const access = () => ({ url: outputs.connectUrl, token: outputs.connectToken });
const databases = (names: string[]) =>
  names.map((name) => ({
    ...{ name, host: "127.0.0.1", port: ports.postgresPort, seenByConnect: { hostname: "postgres", port: 5432 } },
    tables: name === "billing" ? ["public.invoices"] : ["public.orders"],
  }));

beforeAll(async () => {
  await removeLabelled(`${STACK_LABEL}=${PREFIX}`);
  alone = await PackedProgram.make("examples/existing-cluster");
}, 180_000);

/** Installs the packages of the other two programs, and sets their settings. */
async function begin(): Promise<void> {
  ports = await freeStackPorts();
  await alone.install(NEEDED);
  pipeline = await alone.beside("examples/other-connectors");
  others = await alone.beside("examples/two-databases");
  await set(pipeline, { password: PASSWORD }, "--secret");
  await set(
    pipeline,
    {
      settings: {
        ...{ ...ports, topicPrefix: "archive", connectPlugins: PLUGINS.join(",") },
        // With ZooKeeper in every mode: Kafka's connectors for files do not load in Kafka 4.4, and Maven does not have that version of them.
        postgresVersion: Number(POSTGRES_MAJOR),
        connectSecrets: Object.fromEntries(OTHERS.map((name) => [`${name}-password`, `word of ${name}`])),
      },
    },
    "--plaintext",
  );
  await set(pipeline, { file: FILE }, "--plaintext");
}

afterAll(async () => {
  await others?.pulumi("destroy", "--yes", "--skip-preview").catch(() => undefined);
  await pipeline?.pulumi("destroy", "--yes", "--skip-preview");
  alone?.remove();
}, 180_000);

describe("its connector alone", () => connectorAlone(() => alone));

test("the whole pipeline comes up in an empty project, under the project's own names, and a sink of another class beside it", async () => {
  await begin();
  await pipeline.up();
  outputs = await pipeline.outputs();
  expect(outputs.sinkState).toBe("RUNNING");
  const names = await docker("ps", "--filter", `label=${STACK_LABEL}=${PREFIX}`, "--format", "{{.Names}}");
  expect(names.split("\n").sort()).toEqual(
    ["connect", "consumer", "kafka", "postgres", "zookeeper"].map((role) => `${PREFIX}-${role}`),
  );
  await ask("cdctest", "INSERT INTO customers (first_name) VALUES ('ada')");
  const feed = new Feed(outputs.feedUrl);
  await feed.arrived(({ op, after }) => op === "create" && after?.["first_name"] === "ada");
  await lineIn(FILE, "ada");
  await pipeline.pulumi("preview", "--expect-no-changes");
}, 300_000);

test("a sink is changed, repaired and taken away, and a task of it that fails says why", async () => {
  const inputs = (file: string) => inputsOf("more", { ...SINK, file });
  const { outs } = await provider.create(inputs("/tmp/more.jsonl"));
  expect(outs).toMatchObject({ state: "RUNNING", tasks: [{ id: 0, state: "RUNNING" }], pluginVersion: "3.9.2" });
  await lineIn("/tmp/more.jsonl", "ada");
  const { outs: moved } = await provider.update("more", outs!, inputs("/tmp/moved.jsonl"));
  await ask("cdctest", "INSERT INTO customers (first_name) VALUES ('eve')");
  await lineIn("/tmp/moved.jsonl", "eve");
  // It goes on where it was, and writes nothing again.
  expect(await docker("exec", WORKER, "cat", "/tmp/moved.jsonl")).not.toContain("ada");

  await once({ ...access(), operation: "test", until: Date.now() + 10_000 }, "PUT", "/connectors/more/pause");
  const told = jest.spyOn(console, "error").mockImplementation(() => undefined);
  await poll<void>(
    async () => {
      const { inputs: checked } = await provider.check(moved as ConnectorInputs, inputs("/tmp/moved.jsonl"));
      const found = checked?.drift?.found ?? [];
      return found.length > 0 ? { done: true, value: undefined } : { done: false, seen: "no drift" };
    },
    { what: "the drift", deadlineMs: 20_000, intervalMs: 200 },
  );
  expect(told.mock.calls.flat().join()).toContain("state: PAUSED in Kafka Connect, RUNNING declared");
  told.mockRestore();
  const { outs: resumed } = await provider.update("more", moved!, inputs("/tmp/moved.jsonl"));
  expect(resumed?.state).toBe("RUNNING");

  await expect(provider.update("more", resumed!, inputs("/nowhere/more.jsonl"))).rejects.toThrow(
    /^Connector more: task 0 FAILED\. .*\/nowhere\/more\.jsonl/,
  );
  await provider.delete("more", resumed!);
  expect(await connectors()).toEqual(["customer-cdc", "lines"]);
}, 120_000);

test("Debezium for MySQL, an archive from Maven, is checked key by key, and says what it misses when it cannot start", async () => {
  const config = {
    ...{ "connector.class": "io.debezium.connector.mysql.MySqlConnector", "topic.prefix": "shop", "tasks.max": 1 },
    ...{ "database.hostname": "127.0.0.1", "database.port": 1, "database.user": "u", "database.password": "p" },
    "schema.history.internal.kafka.topic": "history",
    "schema.history.internal.kafka.bootstrap.servers": "kafka:9092",
  };
  const check = async (change: Record<string, string | number>) =>
    (await provider.check({} as ConnectorInputs, inputsOf("mysql", { ...config, ...change }))).failures;
  expect(await check({ "database.server.id": 5401 })).toEqual([]);
  expect(await check({})).toEqual([
    { property: 'config["database.server.id"]', reason: expect.stringMatching(/required/i) },
  ]);
  expect(await check({ "database.server.id": 5401, "snapshot.mod": "initial" })).toEqual([
    {
      property: 'config["snapshot.mod"]',
      reason: "Kafka Connect knows no such setting and would ignore it. Did you mean snapshot.mode?",
    },
  ]);
  await expect(provider.create(inputsOf("mysql", { ...config, "database.server.id": 5401 }))).rejects.toThrow(
    /Kafka Connect refuses the config\. config\["database\.hostname"\]: .*Failed to establish connection with the database/,
  );
  expect(await connectors()).toEqual(["customer-cdc", "lines"]);
}, 60_000);

test("two databases are captured beside it, one of them a second time: no name meets, and each topic has its own rows", async () => {
  await ask("cdctest", `CREATE TABLE orders (id int PRIMARY KEY, ${SHARED_COLUMNS}); INSERT INTO orders VALUES (1)`);
  await ask("cdctest", "CREATE DATABASE billing");
  await ask(
    "billing",
    `CREATE TABLE invoices (id int PRIMARY KEY, ${SHARED_COLUMNS}); INSERT INTO invoices VALUES (2)`,
  );
  const before = await slots();
  for (const name of OTHERS) {
    await set(others, { [`${name}AdminPassword`]: PASSWORD, [`${name}RolePassword`]: `word of ${name}` }, "--secret");
  }
  await set(others, { connectToken: outputs.connectToken }, "--secret");
  await set(
    others,
    { connectUrl: outputs.connectUrl, secretsFolder: "/kafka/secrets", adminUser: "cdctest" },
    "--plaintext",
  );
  await set(others, { databases: databases(OTHERS) }, "--plaintext");
  await others.up();
  expect(await connectors()).toEqual(["billing", "cdctest", "customer-cdc", "lines"]);
  expect(await slots()).toEqual([
    ...before,
    { slot_name: "cdc_billing", active_pid: expect.any(Number) },
    { slot_name: "cdc_cdctest", active_pid: expect.any(Number) },
  ]);
  await ask("cdctest", "INSERT INTO orders VALUES (3)");
  await ask("billing", "INSERT INTO invoices VALUES (4)");
  // These two connectors have no converter of the image's, and run in one worker with the pipeline's, which has it.
  expect(await rowsOf("cdctest.public.orders", 2)).toEqual([1, 3].map((id) => ({ id, ...SHARED_VALUES })));
  expect(await rowsOf("billing.public.invoices", 2)).toEqual([2, 4].map((id) => ({ id, ...SHARED_VALUES })));
  await ask("cdctest", `ALTER TABLE customers ${SHARED_COLUMNS.replace(/(^|, )/g, "$1ADD ")}`);
  await ask("cdctest", "INSERT INTO customers (first_name) VALUES ('kim')");
  const arrived = await new Feed(outputs.feedUrl).arrived(({ after }) => after?.["first_name"] === "kim");
  expect(arrived.at(-1)!.after).toMatchObject({ first_name: "kim", ...SHARED_VALUES });
}, 180_000);

test("one of them taken away leaves the other as it is, and all of that program leaves the pipeline as it is", async () => {
  const before = await slots();
  await set(others, { databases: databases(["cdctest"]) }, "--plaintext");
  await others.up();
  expect(await slots()).toEqual(before.filter((slot) => !JSON.stringify(slot).includes("cdc_billing")));
  await ask("cdctest", "INSERT INTO orders VALUES (5)");
  expect((await rowsOf("cdctest.public.orders", 3)).at(-1)).toEqual({ id: 5, ...SHARED_VALUES });
  await others.pulumi("destroy", "--yes", "--skip-preview");
  expect(await slots()).toEqual(before.filter((slot) => !JSON.stringify(slot).includes("cdc_")));
  expect(await connectors()).toEqual(["customer-cdc", "lines"]);
  expect(await ask("cdctest", "SELECT rolname FROM pg_roles WHERE rolname LIKE 'cdc\\_%'")).toEqual([]);
  // Records of tables that are no longer captured belong to those who read them.
  expect(await topicsOf(outputs.bootstrapServers)).toContain("billing.public.invoices");
  await ask("cdctest", "INSERT INTO customers (first_name) VALUES ('bob')");
  await new Feed(outputs.feedUrl).arrived(({ after }) => after?.["first_name"] === "bob");
}, 180_000);

/** Waits for a change with that name in a file of the worker's. */
function lineIn(file: string, name: string): Promise<void> {
  return poll<void>(
    async () => {
      const lines = await docker("exec", WORKER, "cat", file).catch((error: Error) => error.message);
      return lines.includes(`"first_name":"${name}"`) ? { done: true, value: undefined } : { done: false, seen: lines };
    },
    { what: `a line of ${name} in ${file}`, deadlineMs: 20_000, intervalMs: 100 },
  );
}

function inputsOf(connectorName: string, config: ConnectorInputs["config"]): ConnectorInputs {
  return {
    ...{ connectUrl: outputs.connectUrl, connectToken: outputs.connectToken, connectorName, config, state: "RUNNING" },
    ...{ keepOffsets: false, keepSlot: false, readyTimeoutSeconds: 30, deleteTimeoutSeconds: 30 },
  };
}

/** The rows in a topic, once there are `count`. */
function rowsOf(topic: string, count: number): Promise<unknown[]> {
  return poll<unknown[]>(
    async () => {
      const values = (await recordsOf(outputs.bootstrapServers, topic)).map(({ value }) => value);
      const rows = values.filter((value) => value !== null).map((value) => (JSON.parse(value) as Row).after);
      return rows.length >= count ? { done: true, value: rows } : { done: false, seen: values.join("\n") };
    },
    { what: `${count} rows in ${topic}`, deadlineMs: 30_000, intervalMs: 200 },
  );
}

interface Row {
  after: object;
}
