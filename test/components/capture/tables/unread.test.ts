import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { captureProvider } from "../../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../../components/capture/capture-types";
import { type ChangedTable, changedTablesSql, lookSql } from "../../../../components/capture/tables/changed";
import { readSql } from "../../../../components/connector/snapshot/unread-note";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { INPUTS } from "../database";

/** Tables that an apply has captured, and whose rows the connector has not read yet: an apply may end in between. */
let server: EmbeddedPostgres;
let connector: Client;
let outs: CaptureOutputs;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("create table a (id int primary key); create table b (id int primary key, v text)");
  const { host, port, database, user, password } = server.at();
  const to = { host, port, database, adminUser: user, adminPassword: password };
  outs = (await captureProvider.create({ ...INPUTS, ...to, tables: ["public.a"] })).outs as CaptureOutputs;
  connector = new Client({ ...server.at(), user: outs.role, password: outs.rolePassword });
  await connector.connect();
});
afterAll(async () => {
  await connector.end();
  await server.stop();
});

const changed = async (): Promise<string[]> => {
  const rows = (await connector.query<ChangedTable>(changedTablesSql(outs.signalTable, outs.publication))).rows;
  return rows.map(({ table, what, was, now }) => [what, table, was, now].filter((word) => word !== null).join(" "));
};
/** What a heartbeat does. */
const look = () => connector.query(`WITH look AS (${lookSql(outs.signalTable)}) SELECT 1`);
const up = async (change: Partial<CaptureInputs> = {}): Promise<void> => {
  outs = (await captureProvider.update!("debezium", outs, { ...outs, ...change })).outs as CaptureOutputs;
};
/** What the connector's apply does once it has read all tables but these. */
const readAllBut = (...tables: string[]) => connector.query(readSql(outs.signalTable), [tables]);

test("a first start, which reads all tables, notes none", async () => {
  expect(await changed()).toEqual([]);
  await server.query(`select pg_create_logical_replication_slot('${outs.slotName}', 'pgoutput')`);
  await up();
  expect(await changed()).toEqual([]);
});

test("a table that is added is told from the capture's commit until the connector has read it", async () => {
  await up({ tables: ["public.a", "public.b"] });
  expect(await changed()).toEqual(["unread public.b"]);
  await look();
  await up();
  expect(await changed()).toEqual(["unread public.b"]);
  await readAllBut("public.b");
  expect(await changed()).toEqual(["unread public.b"]);
  await readAllBut();
  expect(await changed()).toEqual([]);
});

test("a table that is read again: the telling does not end with the capture's commit", async () => {
  await server.query("alter table b add word text default 'x'");
  expect(await changed()).toEqual(["altered public.b"]);
  await up();
  expect(await changed()).toEqual(["unread public.b"]);
});

test("what happens to a table that is still to be read is told in its place, and reading does not end that", async () => {
  const { tableIds } = outs;
  await server.query("alter table b add other text default 'x'");
  expect(await changed()).toEqual(["altered public.b"]);
  await look();
  await readAllBut();
  expect(await changed()).toEqual(["altered public.b"]);
  await up();
  expect(outs.tableIds!["public.b"]).not.toBe(tableIds!["public.b"]);
  expect(await changed()).toEqual(["unread public.b"]);
  await readAllBut();
});

test("notes that somebody has emptied: no table is read again, so none is told as unread", async () => {
  await server.query("truncate debezium.captured");
  await up();
  expect(await changed()).toEqual([]);
});
