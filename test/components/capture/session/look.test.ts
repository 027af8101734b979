import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { Client } from "pg";
import { captureProvider } from "../../../../components/capture/capture-provider";
import { readFacts } from "../../../../components/capture/facts/database-facts";
import type { CaptureInputs, CaptureOutputs } from "../../../../components/capture/capture-types";
import { clientOptions } from "../../../../components/database/client";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { INPUTS } from "../database";

/** Locks that somebody holds while `preview` and `refresh` look at the database. */
let server: EmbeddedPostgres;
let somebody: Client;
let outs: CaptureOutputs;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query(`
    create table orders (id int primary key);
    create table metrics (id int primary key) partition by range (id);
    create table metrics_1 partition of metrics for values from (0) to (10);
    create table other (id int primary key) partition by range (id);
    create unlogged table other_1 partition of other for values from (0) to (10)`);
  const { host, port, database, user, password } = server.at();
  const tables = ["public.orders", "public.metrics"];
  const inputs: CaptureInputs = { ...INPUTS, host, port, database, adminUser: user, adminPassword: password, tables };
  outs = (await captureProvider.create(inputs)).outs as CaptureOutputs;
});
afterAll(() => server.stop());
beforeEach(async () => {
  somebody = new Client({ ...clientOptions(server.at()), application_name: "nightly" });
  await somebody.connect();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await somebody.end();
});

const preview = async () => (await captureProvider.check!(outs, { ...outs })).failures!.map(({ reason }) => reason);

test("no lock of a table, captured or not, delays a look", async () => {
  await somebody.query("begin; lock table orders, metrics, metrics_1, other, other_1 in access exclusive mode");
  const tables = ["debezium.signals", "public.metrics", "public.orders"];
  const impatient = new Client({ ...clientOptions(server.at()), lock_timeout: 1 });
  await impatient.connect();
  const facts = await readFacts(impatient, outs).finally(() => impatient.end());
  expect(facts.publication).toMatchObject({ tables, complete: true });
  expect(await preview()).toEqual([]);
  expect((await captureProvider.read!("debezium", outs)).props!.captured).toEqual(tables.slice(1));
});

test("a lock of the capture's notes ends a look with who holds it, and the way out", async () => {
  const told = jest.spyOn(console, "error").mockImplementation(() => undefined);
  await somebody.query("begin; lock table debezium.captured in access exclusive mode");
  const [reasons, shown] = await Promise.all([preview(), captureProvider.read!("debezium", outs)]);
  const held = /lock timeout.* the capture waits for process \d+ \(nightly\) of super .*pg_terminate_backend/;
  expect(reasons).toEqual([expect.stringMatching(held)]);
  expect(reasons[0]).toContain(`Database postgres at 127.0.0.1:${server.port} cannot be looked at:`);
  expect(reasons[0]).toContain("Commit or end them");
  expect(shown.props).toBe(outs);
  expect(told.mock.calls.flat().join("\n")).toMatch(held);
});

test.each([
  ["for all tables", ["public.metrics", "public.orders"]],
  ["for tables in schema public", ["public.metrics", "public.orders"]],
  ["for table metrics", ["public.metrics"]],
])("a publication %s has these tables, and not their partitions", async (what, tables) => {
  await server.query(`create publication mine ${what} with (publish_via_partition_root = true)`);
  try {
    const facts = await readFacts(somebody, { ...outs, publication: "mine" });
    const view = "select schemaname || '.' || tablename as name from pg_publication_tables where pubname = 'mine'";
    const listed = (await server.query<{ name: string }>(`${view} order by 1`)).map(({ name }) => name);
    expect(facts.publication!.tables).toEqual(listed);
    expect(listed).toEqual(expect.arrayContaining(tables));
  } finally {
    await server.query("drop publication mine");
  }
});

test("unlogged partitions are found without their locks", async () => {
  const { tables } = await readFacts(somebody, outs);
  expect(tables.find(({ name }) => name === "public.other")!.unlogged).toEqual(["public.other_1"]);
});

test("a server before PostgreSQL 13 is refused by name before anything else is asked", async () => {
  const query = jest.fn(async () => ({ rows: [{ version: 120022, mayBypass: true }] }));
  await expect(readFacts({ query } as unknown as Client, outs)).rejects.toThrow(
    "This is PostgreSQL 12, and a capture takes 13 or newer",
  );
  expect(query).toHaveBeenCalledTimes(1);
});
