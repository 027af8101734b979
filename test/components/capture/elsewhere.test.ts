import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { diffCapture } from "../../../components/capture/capture-diff";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../components/capture/capture-types";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";
import { INPUTS } from "./database";

let former: EmbeddedPostgres;
let other: EmbeddedPostgres;
beforeAll(async () => {
  [former, other] = await Promise.all([EmbeddedPostgres.start(), EmbeddedPostgres.start()]);
  for (const server of [former, other]) await server.query("CREATE TABLE public.customers (id int PRIMARY KEY)");
});
afterAll(() => Promise.all([former.stop(), other.stop()]));

const inputsAt = (server: EmbeddedPostgres, host = "127.0.0.1"): CaptureInputs => ({
  ...INPUTS,
  ...{ host, port: server.port, database: "postgres", adminUser: "super", adminPassword: "super" },
});

let applied: CaptureOutputs;
const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
beforeEach(async () => {
  said.mockClear();
  applied = (await captureProvider.create(inputsAt(former))).outs as CaptureOutputs;
  await makeSlot(former);
});

const makeSlot = (server: EmbeddedPostgres) =>
  server.query(
    "SELECT pg_create_logical_replication_slot('cdc_dev', 'pgoutput') WHERE NOT EXISTS (SELECT FROM pg_replication_slots)",
  );
const slotsOf = (server: EmbeddedPostgres) => server.query("SELECT slot_name FROM pg_replication_slots");

/** What the engine does with other inputs: it checks them, and compares. */
async function planned(news: CaptureInputs, olds: CaptureOutputs = applied) {
  const { inputs, failures } = await captureProvider.check!(olds, news);
  expect(failures).toEqual([]);
  return { inputs: inputs as CaptureInputs, diff: diffCapture(olds, inputs as CaptureInputs) };
}

/** As a state of an earlier version, which has no id of its database. */
function earlier({ server: _server, ...rest }: CaptureOutputs): CaptureOutputs {
  return rest;
}

test.each([
  ["a state that has its id", (state: CaptureOutputs) => state],
  ["a state of an earlier version", earlier],
])("another server replaces the capture, and nothing stays on the former one: %s", async (_which, as) => {
  const { diff } = await planned(inputsAt(other), as(applied));
  expect(diff).toMatchObject({ replaces: ["port"], deleteBeforeReplace: true });
  expect(said.mock.calls.flat().join()).not.toMatch(/missing/);
  await captureProvider.delete!(applied.publication, as(applied));
  expect(await slotsOf(former)).toEqual([]);
  expect(await former.query("SELECT FROM pg_roles WHERE rolname = 'debezium'")).toEqual([]);
});

test.each([
  ["a state that has its id", (state: CaptureOutputs) => state],
  ["a state of an earlier version", earlier],
])("the same server under another name is an update, which leaves the slot: %s", async (_which, as) => {
  const { inputs, diff } = await planned(inputsAt(former, "localhost"), as(applied));
  expect(diff).toMatchObject({ changes: true, replaces: [] });
  const { outs } = await captureProvider.update!(applied.publication, as(applied), inputs);
  expect(await slotsOf(former)).toEqual([{ slot_name: "cdc_dev" }]);
  expect(outs).toMatchObject({ host: "localhost", tableIds: applied.tableIds, server: applied.server });
});

test("a standby that took the former server's place is the same database, also without the slot", async () => {
  await former.query("SELECT pg_drop_replication_slot('cdc_dev')");
  const gone = { ...applied, port: 1 };
  expect((await planned(inputsAt(former), gone)).diff.replaces).toEqual([]);
});

test("an update that meets another database than the check saw changes nothing in it", async () => {
  await expect(captureProvider.update!(applied.publication, applied, inputsAt(other))).rejects.toThrow(
    `at 127.0.0.1:${other.port}: is another database than postgres at 127.0.0.1:${former.port}. Run this again`,
  );
  expect(await other.query("SELECT FROM pg_publication")).toEqual([]);
});
