import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runChild } from "../../commands/processes/child";
import { poll } from "../../components/poll";
import { consumerHealth } from "../../components/consumer-health";
import { withDatabase } from "../../components/connector/slot/connector-session";
import type { DatabaseAddress } from "../../components/database/address";
import { catalogue } from "../support/database/catalogue";
import { makeCertificates } from "../support/existing/certificates";
import { ConnectByHand } from "../support/stack/connect";
import { dockerGateway } from "../support/stack/docker-gateway";
import { Feed } from "../support/stack/feed";
import { ExistingPostgres } from "../support/existing/existing-postgres";
import { TestStack } from "../support/stack";
import { verified } from "../support/stack/verify";

/**
 * A stack on a database that somebody else runs. The server requires TLS and clients' certificates, and the login is no superuser. It is outside of
 * the stack's network. This machine reaches it by the same address as containers.
 */
const stack = new TestStack("existing-db");
const folder = mkdtempSync(join(tmpdir(), "cdc-existing-"));
let server: ExistingPostgres;
let other: ExistingPostgres;
/** The connection string of a server. */
let urlOf: (at: DatabaseAddress) => string;
let root: DatabaseAddress;
let before: Awaited<ReturnType<typeof catalogue>>;

const ask = (at: DatabaseAddress, sql: string): Promise<object[]> =>
  withDatabase(at, async (client) => (await client.query(sql)).rows as object[]);
const look = (command: string): Promise<string> =>
  runChild(process.execPath, ["toolchain/look.mjs", command], { env: { ...process.env, ...stack.environment } });

beforeAll(async () => {
  await stack.remove();
  const address = await dockerGateway();
  const made = makeCertificates(`IP:${address}`, "clerk");
  const files = { "ca.pem": made.ca, "clerk.pem": made.clientCertificate, "clerk.key": made.clientKey };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  server = await ExistingPostgres.start(`${stack.prefix}-theirs`, address, made);
  root = await shopIn(server, "before");
  other = await ExistingPostgres.start(`${stack.prefix}-other`, address, made);
  // The default port counts as not set: the stack makes no container for it.
  await stack.create({ postgresPort: "55432", postgresVersion: "17", tables: "sales.orders" });
  const certificates = `sslrootcert=${folder}/ca.pem&sslcert=${folder}/clerk.pem&sslkey=${folder}/clerk.key`;
  urlOf = ({ host, port, database }) =>
    `postgres://clerk:clerk@${host}:${port}/${database}?sslmode=verify-full&${certificates}`;
  await stack.pulumi("config", "set", "--secret", "databaseUrl", urlOf(root));
}, 300_000);

afterAll(async () => {
  await stack.remove();
  await server?.remove();
  await other?.remove();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

/** Makes database and tables of somebody else's. @returns its address for the superuser */
async function shopIn(theirs: ExistingPostgres, note: string): Promise<DatabaseAddress> {
  await ask(theirs.at, "CREATE ROLE owner LOGIN PASSWORD 'owner'; CREATE ROLE clerk LOGIN PASSWORD 'clerk'");
  await ask(theirs.at, "CREATE DATABASE shop");
  const at = { ...theirs.at, database: "shop" };
  await ask(
    at,
    "CREATE SCHEMA sales AUTHORIZATION owner; CREATE TABLE sales.orders (id int PRIMARY KEY, note text); " +
      `INSERT INTO sales.orders VALUES (1, '${note}'); ALTER TABLE sales.orders OWNER TO owner; ` +
      "REVOKE CONNECT ON DATABASE shop FROM PUBLIC; GRANT CONNECT ON DATABASE shop TO clerk",
  );
  return at;
}

test("what its administrator may not do is said as SQL, before anything is made", async () => {
  const said = await stack.refusal("up", {});
  const sql = said
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^(ALTER|GRANT) .*;$/.test(line));
  expect(sql).toEqual([
    'ALTER ROLE "clerk" CREATEROLE REPLICATION;',
    'GRANT CREATE ON DATABASE "shop" TO "clerk";',
    'GRANT CONNECT ON DATABASE "shop" TO "clerk" WITH GRANT OPTION;',
    'GRANT USAGE ON SCHEMA "sales" TO "clerk" WITH GRANT OPTION;',
    'GRANT "owner" TO "clerk" WITH INHERIT TRUE, SET FALSE;',
  ]);
  expect(await stack.objects()).toEqual([]);
  await ask(root, sql.join("\n"));
  before = await catalogue((text) => ask(root, text));
}, 120_000);

test("its rows arrive, verify, status and doctor are content, and nobody writes but the application", async () => {
  const told = await stack.start();
  expect(told).toContain(`the database at ${root.host}:${root.port} is somebody else's, and it would write there`);
  const { feedUrl, databaseUrl } = await stack.outputs();
  expect(databaseUrl).toBe(`postgres://clerk:clerk@${root.host}:${root.port}/shop`);
  expect((await stack.objects()).filter((name) => name.includes("postgres"))).toEqual([]);
  await ask(root, "INSERT INTO sales.orders VALUES (2, 'after')");
  const changes = await new Feed(feedUrl!).arrived(2);
  expect(changes.map(({ op, after }) => [op, after?.["note"]])).toEqual([
    ["snapshot", "before"],
    ["create", "after"],
  ]);
  expect(await verified(stack)).toMatchObject([{ table: "sales.orders", differences: [] }]);
  expect(await look("status")).toContain(`somebody else's, at ${root.host}:${root.port}`);
  expect(await look("doctor")).toMatch(/from a message in the database's log to its record in Kafka/);
}, 300_000);

test("renamed, it is the same database: the connector goes on where it was, and no row is read again", async () => {
  const renamed = async (from: string, to: string): Promise<void> => {
    // Nobody else may be in it: the connector and the consumer are put out, and kept out.
    for (const sql of [
      `ALTER DATABASE ${from} ALLOW_CONNECTIONS false`,
      `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '${from}'`,
      `ALTER DATABASE ${from} RENAME TO ${to}`,
      `ALTER DATABASE ${to} ALLOW_CONNECTIONS true`,
    ])
      await ask(server.at, sql);
  };
  const store = { ...root, database: "store" };
  await renamed("shop", "store");
  await ask(store, "INSERT INTO sales.orders VALUES (9, 'renamed')");
  await stack.pulumi("config", "set", "--secret", "databaseUrl", urlOf(store));
  const told = await stack.start();
  expect(told).not.toMatch(/another database|read again/);
  const feed = new Feed((await stack.outputs()).feedUrl!);
  const changes = await feed.arrived(({ after }) => after?.["note"] === "renamed");
  // The rows from before have come once.
  expect(changes.filter(({ op, after }) => op === "snapshot" && after?.["note"] === "after")).toEqual([]);
  expect(await stack.pulumi("preview")).toContain("unchanged");
  await renamed("store", "shop");
  await ask(root, "DELETE FROM sales.orders WHERE id = 9");
  await stack.pulumi("config", "set", "--secret", "databaseUrl", urlOf(root));
  await stack.start();
}, 300_000);

test("what Kafka Connect has forgotten is said by the consumer, with the bytes, and by the next up", async () => {
  const { feedUrl, connectUrl, connectToken } = await stack.outputs();
  const connect = new ConnectByHand(connectUrl, connectToken);
  await connect.put("/connectors/customer-cdc/stop");
  await connect.until("customer-cdc", "STOPPED");
  await ask(root, "DELETE FROM sales.orders WHERE id = 2");
  await connect.delete("/connectors/customer-cdc/offsets");
  await connect.put("/connectors/customer-cdc/resume");
  const losses = (wanted: RegExp): Promise<void> =>
    poll<void>(
      async () => {
        const said = ((await consumerHealth(feedUrl!, 5_000)).losses ?? []).join();
        return wanted.test(said) ? { done: true, value: undefined } : { done: false, seen: said };
      },
      { what: `losses like ${wanted}`, deadlineMs: 60_000, intervalMs: 200 },
    );
  await losses(
    /^the connector begins with a snapshot, .* bytes of log since .* and no DELETE\. All rows are read again by/,
  );
  expect(await stack.refusal("up", {})).toContain(
    "The connector begins with a snapshot, as Kafka Connect has no offset",
  );
}, 300_000);

test("another server is told and asked for; nothing stays on the former one, and the rows of the other one arrive", async () => {
  const there = await shopIn(other, "elsewhere");
  await ask(there, "ALTER ROLE clerk SUPERUSER");
  const untouched = await catalogue((text) => ask(there, text));
  await stack.pulumi("config", "set", "--secret", "databaseUrl", urlOf(there));
  const told = `cdc:databaseUrl ${root.host}:${root.port}/shop -> ${there.host}:${there.port}/shop: another database`;
  expect(await stack.pulumi("preview")).toContain(told);
  expect(await stack.start("--yes")).toContain(told);
  expect(await catalogue((text) => ask(root, text))).toEqual(before);
  expect(await ask(root, "SELECT slot_name FROM pg_replication_slots")).toEqual([]);
  await ask(there, "INSERT INTO sales.orders VALUES (3, 'there')");
  const { feedUrl } = await stack.outputs();
  // The consumer is another one, with the other database's address: it shows what it has read since.
  const last = (await new Feed(feedUrl!).arrived(3)).slice(-3);
  expect(last.map(({ op, after }) => [op, after?.["note"]])).toEqual([
    ["truncate", undefined],
    ["snapshot", "elsewhere"],
    ["create", "there"],
  ]);
  await stack.start();
  expect(await stack.pulumi("preview")).toContain("unchanged");
  // Back again, for what a destroy leaves.
  await stack.pulumi("config", "set", "--secret", "databaseUrl", urlOf(root));
  await stack.start("--yes");
  expect(await catalogue((text) => ask(there, text))).toEqual(untouched);
  expect(await ask(there, "SELECT slot_name FROM pg_replication_slots")).toEqual([]);
}, 600_000);

test("a destroy leaves it as it was, but for the rows", async () => {
  await stack.destroy();
  expect(await stack.objects()).toEqual([]);
  expect(await catalogue((text) => ask(root, text))).toEqual(before);
}, 120_000);
