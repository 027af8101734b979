import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { diffCapture } from "../../../components/capture/capture-diff";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../components/capture/capture-types";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";
import { INPUTS } from "./database";

/** Another name of a database on the same server: the same database, renamed, or another one. */
let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
});
afterAll(() => server.stop());

const inputsIn = (database: string): CaptureInputs => ({
  ...INPUTS,
  ...{ port: server.port, database, adminUser: "super", adminPassword: "super" },
});
const run = (database: string, sql: string) => server.query(sql, server.at("super", database));
const makeSlot = (database: string) =>
  run(database, "SELECT pg_create_logical_replication_slot('cdc_dev', 'pgoutput')");
const databases = (...names: string[]) =>
  Promise.all(names.map((name) => server.query(`DROP DATABASE IF EXISTS ${name}`)));
async function makeShop(name: string): Promise<void> {
  await server.query(`CREATE DATABASE ${name}`);
  await run(name, "CREATE TABLE public.customers (id int PRIMARY KEY)");
}

let applied: CaptureOutputs;
let said: jest.SpiedFunction<typeof console.error>;
beforeEach(async () => {
  said = jest.spyOn(console, "error").mockImplementation(() => undefined);
  await makeShop("shop");
  applied = (await captureProvider.create(inputsIn("shop"))).outs as CaptureOutputs;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await server.query(
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = 'postgres'",
  );
  for (const name of ["shop", "store"]) {
    const there = await server.query(`SELECT FROM pg_database WHERE datname = '${name}'`);
    if (there.length > 0)
      await run(
        name,
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()",
      );
  }
  await databases("shop", "store");
  await server.query("DROP ROLE IF EXISTS debezium");
});

async function planned(news: CaptureInputs, olds: CaptureOutputs) {
  const { inputs, failures = [] } = await captureProvider.check!(olds, news);
  return { inputs: inputs as CaptureInputs, failures, diff: diffCapture(olds, inputs as CaptureInputs) };
}

/** As a state of an earlier version, or of an administrator who may not ask for the database's id. */
const earlier = ({ server: _server, ...rest }: CaptureOutputs): CaptureOutputs => rest;
const STATES: [string, (state: CaptureOutputs) => CaptureOutputs][] = [
  ["a state that has its id", (state) => state],
  ["a state of an earlier version", earlier],
];

test.each(STATES)("a renamed database is updated in place, and no row is read again: %s", async (_which, as) => {
  await makeSlot("shop");
  await server.query("ALTER DATABASE shop RENAME TO store");
  const { inputs, failures, diff } = await planned(inputsIn("store"), as(applied));
  expect(failures).toEqual([]);
  expect(diff).toMatchObject({ changes: true, changed: expect.arrayContaining(["database"]), replaces: [] });
  const { outs } = await captureProvider.update!(applied.publication, as(applied), inputs);
  expect(outs).toMatchObject({
    ...{ database: "store", tableIds: applied.tableIds, captureId: applied.captureId, server: applied.server },
  });
  expect(await server.query("SELECT database FROM pg_replication_slots")).toEqual([{ database: "store" }]);
  expect(said.mock.calls.flat().join()).not.toMatch(/missing|read again/);
  // And the next one finds nothing to do.
  const next = await planned(inputsIn("store"), outs as CaptureOutputs);
  expect(next.diff).toMatchObject({ changes: false });
});

test("also without its slot, and where another database has the former name", async () => {
  await server.query("ALTER DATABASE shop RENAME TO store");
  await makeShop("shop");
  expect((await planned(inputsIn("store"), applied)).diff.replaces).toEqual([]);
});

test("a role that this capture made stays its own in a renamed database, whatever its comment", async () => {
  await makeSlot("shop");
  await server.query("ALTER DATABASE shop RENAME TO store;COMMENT ON ROLE debezium IS NULL");
  const news = { ...inputsIn("store"), existingRole: true };
  const { outs } = await captureProvider.update!(applied.publication, applied, news);
  expect(outs).not.toHaveProperty("given");
});

test("drift of a renamed database is told like that of any other", async () => {
  await server.query("ALTER DATABASE shop RENAME TO store");
  await run("store", "DROP PUBLICATION debezium");
  await planned(inputsIn("store"), applied);
  expect(said.mock.calls.flat().join()).toContain("publication debezium is missing");
});

test.each(STATES)("another database of the same server replaces the capture: %s", async (_which, as) => {
  await makeShop("store");
  expect((await planned(inputsIn("store"), as(applied))).diff).toMatchObject({
    ...{ replaces: ["database"], deleteBeforeReplace: true },
  });
  await makeSlot("shop");
  expect((await planned(inputsIn("store"), as(applied))).diff.replaces).toEqual(["database"]);
});

test("what somebody else has in another database is his, though the state has these names", async () => {
  await makeShop("store");
  await run("store", "CREATE PUBLICATION debezium FOR TABLE public.customers");
  const { failures } = await planned(inputsIn("store"), applied);
  expect(failures.map(({ reason }) => reason).join()).toContain(
    "Publication debezium already exists and was not made by this capture",
  );
});

test("without an id, a database of another name is another one where its former name still leads somewhere", async () => {
  await server.query("ALTER DATABASE shop RENAME TO store");
  expect((await planned(inputsIn("store"), earlier(applied))).diff.replaces).toEqual(["database"]);
  await makeSlot("store");
  await makeShop("shop");
  expect((await planned(inputsIn("store"), earlier(applied))).diff.replaces).toEqual(["database"]);
});
