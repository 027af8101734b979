import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs } from "../../../components/capture/capture-types";
import { catalogue } from "../../support/database/catalogue";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";
import { INPUTS } from "./database";
import { KINDS, REFUSED } from "./refused-cases";
import { REFUSED_TABLES } from "./refused-tables";

let server: EmbeddedPostgres;
let client: Client;
let inputs: CaptureInputs;
let before: Record<string, object[]>;
const look = () => catalogue(async (sql) => (await client.query(sql)).rows);

beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query(REFUSED_TABLES);
  await server.query("create role small login createrole replication password 'small'");
  await server.query("select pg_create_logical_replication_slot('mine', 'pgoutput')");
  const { host, port, database, user, password } = server.at();
  inputs = { ...INPUTS, host, port, database, adminUser: user, adminPassword: password };
  client = new Client(server.at());
  await client.connect();
  before = await look();
});
afterAll(async () => {
  await client?.end();
  await server.stop();
});

/** The messages of a preview, and of an `up` without a preview. */
async function said(tables: string, more: Partial<CaptureInputs> = {}): Promise<{ preview: string[]; up: string }> {
  const wanted = { ...inputs, ...more, tables: ["public.customers", tables] };
  const { failures } = await captureProvider.check!({} as CaptureInputs, wanted);
  const up = await captureProvider.create(wanted).then(
    () => "it was made",
    (error: Error) => error.message,
  );
  return { preview: failures!.map(({ reason }) => reason), up };
}

test.each([...KINDS, ...REFUSED])("%s: %s", async (_what, tables, reason, ...[more]) => {
  const { preview, up } = await said(tables, more);
  expect(preview.join(" ")).toBe(reason);
  expect(up).toContain(reason);
  expect(await look()).toEqual(before);
});

test.each([
  ["odd.*", "!odd.a b"],
  ["quoted.*", '!quoted."""q"'],
])("%s goes on without what it was refused for: %s", async (schema, leftOut) => {
  const { failures } = await captureProvider.check!({} as CaptureInputs, {
    ...inputs,
    tables: ["public.customers", schema, leftOut],
  });
  expect(failures!.filter(({ reason }) => /odd|quoted/.test(reason))).toEqual([]);
});

test("the applications' writes are taken as before", async () => {
  await server.query(`
    update s.waits set id = id + 1; delete from s.lines; update s.cars set seats = 4; delete from s.keyless;
    update s.later set id = id + 1; update s.gone set id = 1; update s.virtual set a = 2; delete from customers`);
});
