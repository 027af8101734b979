import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../components/capture/capture-types";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";
import { INPUTS } from "./database";

let server: EmbeddedPostgres;
let said: string[];
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE SCHEMA s; CREATE SCHEMA part");
});
afterAll(() => server.stop());
beforeEach(async () => {
  said = [];
  jest.spyOn(console, "error").mockImplementation((line: string) => void said.push(line));
  await server.query(`CREATE TABLE s.keyless (a int, b int); INSERT INTO s.keyless VALUES (1, 2); CREATE TABLE s.other (id int PRIMARY KEY);
    CREATE TABLE s.top (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE part.low PARTITION OF s.top FOR VALUES FROM (0) TO (10); INSERT INTO s.top VALUES (1)`);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await server.query("DROP TABLE s.keyless, s.other, s.top; DROP PUBLICATION IF EXISTS theirs");
});

/** Two captures of the same database, each with names of its own. */
const capture = (name: string, tables: string[], change: Partial<CaptureInputs> = {}): CaptureInputs => ({
  ...{ ...INPUTS, port: server.port, database: "postgres", adminUser: "super", adminPassword: "super", tables },
  ...{ role: name, rolePassword: name, publication: name, slotName: name, owner: `cdc-${name}/capture` },
  signalTable: `${name}.signals`,
  ...change,
});
const make = async (inputs: CaptureInputs) => (await captureProvider.create(inputs)).outs as CaptureOutputs;
const change = async (olds: CaptureOutputs, news: CaptureInputs) =>
  (await captureProvider.update!(news.publication, olds, news)).outs as CaptureOutputs;
const end = (of: CaptureOutputs) => captureProvider.delete!(of.publication, of);
const identities = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (
      await server.query<{ name: string; identity: string }>(
        "SELECT c.oid::regclass::text AS name, relreplident AS identity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname IN ('s', 'part') AND relkind IN ('r', 'p')",
      )
    ).map(({ name, identity }) => [name, identity]),
  );

test("a table that another capture has too keeps its replica identity when one of them ends, or leaves the table out", async () => {
  const tables = ["s.keyless", "s.other", "s.top"];
  const [first, second] = [await make(capture("first", tables)), await make(capture("second", ["s.keyless", "s.top"]))];
  const fewer = await change(first, capture("first", ["s.other"]));
  expect(await identities()).toMatchObject({ "s.keyless": "f", "s.other": "f", "part.low": "f" });
  expect(said.join("\n")).toContain(
    's.keyless keeps REPLICA IDENTITY FULL, since publication second has it too. Once nothing needs that: ALTER TABLE "s"."keyless" REPLICA IDENTITY DEFAULT;',
  );
  await server.query("UPDATE s.keyless SET b = 3; DELETE FROM s.top");
  await end(fewer);
  expect(await identities()).toMatchObject({ "s.keyless": "f", "s.other": "d", "part.low": "f" });
  await end(second);
});

test.each([
  ["FOR ALL TABLES", "f"],
  ["FOR TABLES IN SCHEMA s", "f"],
  ["FOR TABLE s.keyless, s.top WITH (publish_via_partition_root = true)", "f"],
  ["FOR TABLE s.keyless, s.top WITH (publish = 'insert, truncate')", "d"],
  ["FOR TABLE s.other", "d"],
])("a publication of somebody else's %s", async (of, left) => {
  const first = await make(capture("first", ["s.keyless", "s.top"]));
  await server.query(`CREATE PUBLICATION theirs ${of}`);
  await end(first);
  expect(await identities()).toMatchObject({ "s.keyless": left, "part.low": left });
  expect(said.some((words) => words.includes("publication theirs has it too"))).toBe(left === "f");
  await server.query("UPDATE s.keyless SET b = 4; DELETE FROM s.top");
});

test("a capture that wants the key alone leaves another one's FULL", async () => {
  const first = await make(capture("first", ["s.other"]));
  const second = await make(capture("second", ["s.other"], { replicaIdentity: "DEFAULT" }));
  expect(await identities()).toMatchObject({ "s.other": "f" });
  await end(second);
  expect(await identities()).toMatchObject({ "s.other": "f" });
  await end(first);
  expect(await identities()).toMatchObject({ "s.other": "d" });
});
