import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Client } from "pg";
import { captureProvider } from "../../components/capture/capture-provider";
import { postgresSource } from "../../components/connector";
import { connectorProvider } from "../../components/connector/connector-provider";
import type { ConnectorInputs } from "../../components/connector/connector-types";
import { poll } from "../../components/poll";
import { clientsOf } from "../support/stack/clients";
import { ConnectByHand } from "../support/stack/connect";
import { type Feed, Ledger } from "../support/stack/feed";
import { OtherPostgres } from "../support/database/postgres";
import { TestStack } from "../support/stack";
import { recordsOf } from "../support/stack/topic";
import { doctor, type Patient } from "./connector/doctor";
import { repaired } from "./connector/repaired";

/** Checks changes that are refused, with nothing changed, and changes that somebody made by hand, which one plain `up` repairs. */
const NAME = "customer-cdc";
const UP_MS = 180_000;
const stack = new TestStack("connector");
let connect: ConnectByHand;
let connectToken: string;
let client: Client;
let feed: Feed;
let bootstrapServers: string;

beforeAll(async () => {
  await stack.create();
  await stack.up();
  const clients = await clientsOf(stack);
  ({ client, feed } = clients);
  connectToken = clients.outputs.connectToken;
  connect = new ConnectByHand(clients.outputs.connectUrl, connectToken);
  bootstrapServers = clients.outputs.bootstrapServers;
}, 900_000);

afterAll(async () => {
  await client?.end();
  await stack.remove();
}, 120_000);

/** The stack for the tests in other files. It exists only when they run. */
const patient = (): Patient => ({ stack, connect, client, feed });

/** State that a refusal must not change. */
async function world() {
  const { rows: publication } = await client.query("select schemaname, tablename from pg_publication_tables");
  const state = stack.state().resources.map(({ urn, inputs }) => [urn, inputs?.["config"]]);
  return { state: new Map(state as [string, unknown][]), config: await connect.config(NAME), publication };
}

describe("refused, with nothing changed", () => {
  let before: Awaited<ReturnType<typeof world>>;
  let twin: Promise<unknown>;
  beforeAll(async () => {
    before = await world();
    // Started here, because it takes ten seconds.
    const database = { host: "127.0.0.1", port: stack.ports.postgresPort, database: "cdctest" };
    const inputs = provided("twin", (await connect.config(NAME))!);
    const create = connectorProvider.create({
      ...inputs,
      database: { ...database, user: "cdctest", password: "cdctest" },
    });
    twin = create.catch((error: Error) => error.message);
  });

  test.each([
    [
      "a misspelt key and a bad value",
      {
        'connectorConfig["table.include.lst"]': "public.customers",
        'connectorConfig["decimal.handling.mode"]': "sometimes",
      },
      [
        'cdc:connectorConfig["table.include.lst"]',
        "Did you mean table.include.list?",
        'cdc:connectorConfig["decimal.handling.mode"] is "sometimes"; allowed: ',
      ],
    ],
    [
      "a class that is not installed",
      { 'connectorConfig["connector.class"]': "io.debezium.connector.postgres.PostgresConnector" },
      [
        'cdc:connectorConfig["connector.class"] is "io.debezium.connector.postgres.PostgresConnector"; allowed: ' +
          "io.debezium.connector.postgresql.PostgresConnector",
      ],
    ],
    [
      "a class that only Kafka Connect can miss",
      { 'connectorConfig["header.converter"]': "org.apache.kafka.connect.storage.NoConverter" },
      ['config["header.converter"]', "org.apache.kafka.connect.storage.NoConverter"],
    ],
    [
      "a table's name with a slip",
      { tables: "public.custmers" },
      ["Table public.custmers does not exist.", "Did you mean public.customers?"],
    ],
  ])(
    "%s, in the preview",
    async (_what, settings: Record<string, string>, said) => {
      const text = await stack.refusal("preview", settings);
      for (const part of said) expect(text).toContain(part);
      expect(await world()).toEqual(before);
    },
    UP_MS,
  );

  test(
    "a wrong database user, before Kafka Connect is told, and a password as plain text",
    async () => {
      const plain = await stack.refusal("preview", { 'connectorConfig["database.sslpassword"]': "wrong" });
      expect(plain).toMatch(/connectorConfig\["database\.sslpassword"\] is set as plain text; set it with .*--secret/);
      const parting = await stack.refusal("preview", { 'connectorConfig["database.user"]': "nobody" });
      expect(parting).toMatch(/connectorConfig\["database\.user"\] is refused: .* Set cdc:captureName instead/);
      const config = { ...(await connect.config(NAME))!, "database.user": "nobody" };
      const text = await connectorProvider.create(provided("nobody", config)).then(
        () => "created",
        ({ message }: Error) => message,
      );
      expect(text).toMatch(/create connector nobody: Kafka Connect refuses the config/);
      expect(text).toMatch(/password authentication failed for user "nobody"/);
      expect(text).toMatch(/Check database\.user and database\.password/);
      expect(await world()).toEqual(before);
    },
    UP_MS,
  );

  test("a second connector on the same slot", async () => {
    expect(await twin).toMatch(
      /^Waited 10 s for replication slot \w+ to be free\. Last seen: it is read by Debezium Streaming, process \d+\. /,
    );
    expect(await connect.get("/connectors")).toEqual([NAME]);
  }, 30_000);
});

test("the log of tables that are not captured is let go, and a restart goes on from there", async () => {
  await client.query("create table uncaptured as select repeat('x', 1000) from generate_series(1, 20000)");
  const { rows } = await client.query("select pg_current_wal_lsn() as lsn");
  await poll<void>(
    async () => {
      await client.query("checkpoint");
      const slots = "select restart_lsn, restart_lsn >= $1::pg_lsn as past from pg_replication_slots";
      const [slot] = (await client.query(slots, [rows[0].lsn])).rows;
      return slot.past ? { done: true, value: undefined } : { done: false, seen: `restart_lsn ${slot.restart_lsn}` };
    },
    { what: `the slot to let go what is before ${rows[0].lsn}`, deadlineMs: 60_000, intervalMs: 500 },
  );
  await client.query("drop table uncaptured");
  await connect.post(`/connectors/${NAME}/restart?includeTasks=true`);
  const ledger = await Ledger.open(() => client, feed);
  await ledger.write(3);
  expect(await ledger.reported()).toEqual(ledger.written);
}, 150_000);

/** Inputs for the provider itself, of a connector beside the stack's own. */
function provided(connectorName: string, config: ConnectorInputs["config"]): ConnectorInputs {
  return {
    ...{ connectUrl: `http://127.0.0.1:${stack.ports.connectPort}`, connectToken },
    ...{ connectorName, config, state: "RUNNING" },
    ...{ keepOffsets: false, keepSlot: false, readyTimeoutSeconds: 60, deleteTimeoutSeconds: 30 },
  };
}

describe("a database without logical replication", () => {
  let other: OtherPostgres;

  beforeAll(async () => {
    other = await OtherPostgres.start(stack, "replica", "-c", "wal_level=replica");
    await other.query("create table public.t (id int primary key)");
  }, 90_000);

  afterAll(() => other?.remove());

  test("is no database to capture", async () => {
    const { host, port, database, user, password } = other.at;
    const inputs = {
      ...{ host, port, database, adminUser: user, adminPassword: password, role: "debezium", rolePassword: "word" },
      ...{ tables: ["public.t"], publication: "debezium", slotName: "slot", replicaIdentity: "FULL" as const },
      ...{ signalTable: "", keepSlot: false, readyTimeoutSeconds: 30 },
    };
    await expect(captureProvider.create(inputs)).rejects.toThrow(
      `create capture debezium in admin at 127.0.0.1:${port}: ` +
        "wal_level is replica. Start Postgres with wal_level=logical, then run this again: ALTER SYSTEM SET wal_level = logical",
    );
  });

  test("is told of before the connector is made; where nobody could ask it, by its failed task", async () => {
    const { database, user, password } = other.at;
    const config = postgresSource({
      ...{ hostname: "replica", database, user, password, topicPrefix: "replica", tables: ["public.t"] },
      ...{ slotName: "slot", publication: "debezium", publicationMode: "filtered" },
    }) as ConnectorInputs["config"];
    const inputs = provided("replica", config);
    await expect(connectorProvider.create({ ...inputs, database: other.at })).rejects.toThrow(
      "create connector replica: wal_level is replica. Start Postgres with wal_level=logical.",
    );
    expect(await connect.get("/connectors")).toEqual([NAME]);

    await expect(connectorProvider.create(inputs)).rejects.toThrow(
      /Connector replica: task 0 FAILED\. .*wal_level.*Start Postgres with wal_level=logical/,
    );
    await connect.delete("/connectors/replica");
  }, 90_000);
});

test(
  "a record above the largest size: up fails for as long as that stands, and names the setting that lets it through",
  async () => {
    const text = "select string_agg(md5(i::text), '') from generate_series(1, 600000) i";
    await client.query(`insert into public.customers (first_name, last_name) select 'large', (${text})`);
    await connect.until(NAME, "RUNNING FAILED");
    await expect(stack.up()).rejects.toThrow(/RecordTooLargeException: .* Raise cdc:maxRecordMb/);
    await expect(stack.up()).rejects.toThrow(/RecordTooLargeException: .* Raise cdc:maxRecordMb/);
    await stack.pulumi("config", "set", "maxRecordMb", "32");
    await stack.up();
    const ledger = await Ledger.open(() => client, feed);
    await ledger.write(1);
    expect(await ledger.reported()).toEqual(ledger.written);
    // The values are wider than what the page keeps, so the topic is read.
    const large = (await recordsOf(bootstrapServers, "cdctest.public.customers")).filter(
      ({ value }) => (value?.length ?? 0) > 19_200_000,
    );
    expect(large).toHaveLength(1);
    await client.query("delete from public.customers where first_name = 'large'");
  },
  3 * UP_MS,
);

describe("repaired by a plain up, with every row reported once", () => repaired(patient));

describe("npm run doctor", () => doctor(patient));
