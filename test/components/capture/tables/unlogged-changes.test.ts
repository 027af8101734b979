import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { captureProvider } from "../../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../../components/capture/capture-types";
import { type ChangedTable, changedTablesSql, lookSql } from "../../../../components/capture/tables/changed";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { INPUTS } from "../database";

/** Changes of rows of which Postgres' log has nothing: with partitions, and by ALTER TABLE. */
let server: EmbeddedPostgres;
let connector: Client;
let outs: CaptureOutputs;
beforeAll(async () => {
  server = await EmbeddedPostgres.start({ allow_in_place_tablespaces: "on" });
  await server.query(`
    create table orders (id int primary key, note text, price numeric(10,2));
    create table metrics (id int, at date, value text, primary key (id, at)) partition by range (at);
    create table m_2026 partition of metrics for values from ('2026-01-01') to ('2027-01-01');
    create table m_2027 partition of metrics for values from ('2027-01-01') to ('2028-01-01');
    create table single (id int primary key) partition by range (id);
    create table single_1 partition of single for values from (0) to (10)`);
  const { host, port, database, user, password } = server.at();
  const tables = ["public.orders", "public.metrics", "public.single"];
  const inputs: CaptureInputs = { ...INPUTS, host, port, database, adminUser: user, adminPassword: password, tables };
  outs = (await captureProvider.create(inputs)).outs as CaptureOutputs;
  connector = new Client({ ...server.at(), user: outs.role, password: outs.rolePassword });
  await connector.connect();
});
afterAll(async () => {
  await connector.end();
  await server.stop();
});

const changed = async (): Promise<string[]> => {
  const rows = await server.query<ChangedTable>(changedTablesSql(outs.signalTable, outs.publication));
  return rows.map(({ table, what, now }) => [what, table, ...(now === null ? [] : [now])].join(" "));
};
/** What a heartbeat does. */
const look = () => connector.query(`WITH look AS (${lookSql(outs.signalTable)}) SELECT 1`);
/** @returns the tables whose rows the apply has read again */
const up = async (): Promise<string[]> => {
  const before = outs.tableIds!;
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  return Object.keys(before).filter((table) => outs.tableIds![table] !== before[table]);
};

test.each([
  ["alter table metrics detach partition m_2027", "detached public.metrics public.m_2027"],
  [
    "alter table metrics attach partition m_2027 for values from ('2027-01-01') to ('2028-01-01')",
    "attached public.metrics public.m_2027",
  ],
  ["alter table metrics detach partition m_2027 concurrently", "detached public.metrics public.m_2027"],
  ["drop table m_2026", "detached public.metrics public.m_2026"],
  [
    "create table m_2026 partition of metrics for values from ('2026-01-01') to ('2027-01-01') partition by range (id); " +
      "create table m_2026_1 partition of m_2026 for values from (0) to (10)",
    undefined,
  ],
  ["truncate m_2026_1", "emptied public.metrics public.m_2026_1"],
  ["truncate m_2026", "emptied public.metrics public.m_2026_1"],
  ["truncate single_1", "emptied public.single public.single_1"],
  ["drop table m_2026", "detached public.metrics public.m_2026"],
  ["create table m_2025 partition of metrics for values from ('2025-01-01') to ('2026-01-01')", undefined],
  ["alter table orders add word text default 'x'", "altered public.orders"],
  ["alter table metrics add word text default 'x'", "altered public.metrics"],
  ["alter table orders add token uuid default gen_random_uuid()", "altered public.orders"],
  ["alter table orders rename note to remark", "altered public.orders"],
  ["alter table orders drop remark; alter table orders add remark text", "altered public.orders"],
  ["alter table orders alter price type numeric(10,4)", "altered public.orders"],
  ["alter table orders alter price type text using 'none'", "altered public.orders"],
  ["alter table orders add twice int generated always as (id * 2) stored", undefined],
  ["alter table orders alter twice drop expression", "altered public.orders"],
  ["alter table metrics add double int generated always as (id * 2) stored", undefined],
  ["alter table metrics alter double drop expression", "altered public.metrics"],
  ["alter table orders drop twice; alter table metrics drop double", undefined],
  ["alter table metrics alter value type jsonb using to_jsonb(value)", "altered public.metrics"],
])("%s: told at once and until the next up, which reads the table again", async (sql, said) => {
  const expected = said === undefined ? [] : [said];
  await server.query(sql);
  expect(await changed()).toEqual(expected);
  await look();
  await look();
  expect(await changed()).toEqual(expected);
  expect(await up()).toEqual(said === undefined ? [] : [said.split(" ")[1]]);
  expect(await changed()).toEqual([]);
  await look();
  expect(await changed()).toEqual([]);
});

test.each([
  ["a column", "hue", "hue text", "hue text"],
  ["a generated column", "tint", "tint int generated always as (id * 3) stored", "tint int"],
])("%s whose name a later one takes: told however many looks are in between", async (_what, name, first, later) => {
  await server.query(`alter table orders add ${first}`);
  expect(await up()).toEqual([]);
  await look();
  await server.query(`alter table orders drop ${name}`);
  await look();
  await server.query(`alter table orders add ${name}_2 text`);
  await look();
  await look();
  expect(await changed()).toEqual([]);
  // An apply that does not read the table again leaves its records as they are.
  expect(await up()).toEqual([]);
  await server.query(`alter table orders add ${later}`);
  expect(await changed()).toEqual(["altered public.orders"]);
  await look();
  expect(await up()).toEqual(["public.orders"]);
  await look();
  expect(await changed()).toEqual([]);
});

test("a generated column that becomes a plain one between two looks is told", async () => {
  await server.query("alter table orders add sum int generated always as (id * 3) stored");
  expect(await up()).toEqual([]);
  await server.query("alter table orders drop sum, add sum int");
  expect(await changed()).toEqual(["altered public.orders"]);
  expect(await up()).toEqual(["public.orders"]);
});

test("a partition that was made and dropped again between two applies: the looks in between have seen it", async () => {
  await server.query("create table m_2030 partition of metrics for values from ('2030-01-01') to ('2031-01-01')");
  await look();
  await server.query("drop table m_2030");
  expect(await changed()).toEqual(["detached public.metrics public.m_2030"]);
  await look();
  // As docs/tables.md says, for who wants to keep the rows in the topic.
  await server.query("update debezium.captured set untold = null where name = 'metrics'");
  expect(await changed()).toEqual([]);
  expect(await up()).toEqual([]);
});

test("a partition that was unlogged for a while: its changes meanwhile are in no log", async () => {
  await server.query("create table m_2031 partition of metrics for values from ('2031-01-01') to ('2032-01-01')");
  await look();
  await server.query("alter table m_2031 set unlogged");
  await look();
  expect(await changed()).toEqual(["apart public.metrics public.m_2031"]);
  await server.query("alter table m_2031 set logged");
  expect(await changed()).toEqual(["unlogged public.metrics public.m_2031"]);
  expect(await up()).toEqual(["public.metrics"]);
});

test.each([
  "create table m_2032 partition of metrics for values from ('2032-01-01') to ('2033-01-01')",
  "truncate metrics",
  "truncate orders",
  "vacuum full orders",
  "vacuum full pg_class, pg_attribute, pg_inherits",
  "cluster orders using orders_pkey",
  "reindex table metrics",
  "alter table orders add a int, add b text",
  "alter table orders alter a type bigint",
  "alter table orders add c numeric(10,2)",
  "alter table orders alter c type numeric(12,2)",
  "alter table orders alter b set default 'x', alter b set not null",
  "alter table orders drop a",
  "alter table orders add twice int generated always as (id * 2) stored",
  "alter table orders alter twice set expression as (id * 3)",
  "grant select on orders, metrics, m_2032 to public",
  "create index on metrics (value)",
  "analyze",
  "create tablespace other location ''; alter table m_2032 set tablespace other",
])("%s: nothing is told, as the log has it, or nothing changed", async (sql) => {
  for (const each of sql.split("; ")) await server.query(each);
  expect(await changed()).toEqual([]);
  await look();
  expect(await changed()).toEqual([]);
});

test("notes of an earlier version: nothing is told, and the next up notes what there is", async () => {
  await server.query("alter table debezium.captured drop column parts, drop column cells, drop column untold");
  await server.query("alter table orders add d text default 'x'; truncate single_1");
  expect(await changed()).toEqual([]);
  expect(await up()).toEqual([]);
  await server.query("truncate single_1");
  expect(await changed()).toEqual(["emptied public.single public.single_1"]);
});

test("notes of an earlier version that know of no tablespaces: a TRUNCATE is told all the same", async () => {
  await up();
  await server.query(
    "update debezium.captured set parts = (select jsonb_object_agg(key, value - 4) from jsonb_each(parts)) where name = 'single'",
  );
  expect(await changed()).toEqual([]);
  await server.query("truncate single_1");
  expect(await changed()).toEqual(["emptied public.single public.single_1"]);
  await up();
});

test("notes of an earlier version that know of no generated columns: nothing is told of these, and then they are known", async () => {
  await server.query("alter table orders add half int generated always as (id / 2) stored");
  await up();
  await server.query("update debezium.captured set cells = cells - 'computed'");
  expect(await changed()).toEqual([]);
  await look();
  await server.query("alter table orders alter half drop expression");
  expect(await changed()).toEqual(["altered public.orders"]);
  expect(await up()).toEqual(["public.orders"]);
});

test("a look waits neither for an apply that is writing the notes, nor for an ALTER TABLE", async () => {
  const admin = new Client(server.at());
  await admin.connect();
  await server.query("truncate single_1");
  await admin.query("begin; select * from debezium.captured for update; alter table orders add e text; lock metrics");
  await connector.query("set statement_timeout = '5s'");
  await look();
  await admin.query("rollback");
  await admin.end();
});
