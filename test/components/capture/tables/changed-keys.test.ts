import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { captureProvider } from "../../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../../components/capture/capture-types";
import { type ChangedTable, changedTablesSql } from "../../../../components/capture/tables/changed";
import { whatHappened } from "../../../../components/capture/tables/changed-words";
import { readChangedTables } from "../../../../components/capture/tables/read-changed";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { INPUTS } from "../database";

/** Captured tables whose key, replica identity or enum is changed, so that records and log tell rows in another way than before. */
let server: EmbeddedPostgres;
let outs: CaptureOutputs;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query(`
    create table orders (id int primary key);
    insert into orders values (1);
    create table metrics (id int, at date, primary key (id, at)) partition by range (at);
    create table metrics_2028 partition of metrics for values from ('2028-01-01') to ('2029-01-01');
    insert into metrics values (1, '2028-01-01');
  `);
  const { host, port, database, user, password } = server.at();
  const tables = ["public.orders", "public.metrics"];
  const inputs: CaptureInputs = { ...INPUTS, host, port, database, adminUser: user, adminPassword: password, tables };
  outs = (await captureProvider.create({ ...inputs, replicaIdentity: "DEFAULT" })).outs as CaptureOutputs;
});
afterAll(() => server.stop());

const changed = () => server.query(changedTablesSql(outs.signalTable, outs.publication));

test.each([
  [
    "orders",
    "create unique index by_number on orders (number); alter table orders replica identity using index by_number",
    "orders",
  ],
  [
    "a partition",
    "create unique index by_at on metrics_2028 (at); alter table metrics_2028 alter at set not null, replica identity using index by_at",
    "metrics",
  ],
])(
  "%s whose REPLICA IDENTITY becomes an index without the key of its records, until the next up",
  async (_, sql, table) => {
    await server.query("alter table orders add column if not exists number serial");
    const whole = { ...outs, replicaIdentity: "FULL" as const };
    outs = (await captureProvider.update!("debezium", outs, whole)).outs as CaptureOutputs;
    expect(await changed()).toEqual([]);
    await server.query(sql);
    expect(await changed()).toEqual([{ table: `public.${table}`, what: "unidentified", was: null, now: null }]);
    const before = outs.tableIds;
    outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
    expect(await changed()).toEqual([]);
    expect(outs.tableIds).toEqual(before);
    outs = (await captureProvider.update!("debezium", outs, { ...outs, replicaIdentity: "DEFAULT" }))
      .outs as CaptureOutputs;
  },
);

test.each([
  ["rekeyed", "alter table orders drop constraint orders_pkey, add constraint orders_pkey primary key (number, id)"],
  ["relabelled", "alter type mood rename value 'sad' to 'low'"],
])("%s, and its REPLICA IDENTITY does not fit: both are told, and the next up reads it again", async (what, sql) => {
  await server.query("create type mood as enum ('sad', 'glad'); alter table orders add column felt mood");
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  for (const identity of ["nothing", "using index by_number"]) {
    await server.query(`alter table orders replica identity ${identity}`);
    await server.query(sql);
    const told = (await changed()) as unknown as ChangedTable[];
    const misfit = identity === "nothing" ? "blocked" : "unidentified";
    expect(told.map((each) => each.what).sort()).toEqual([misfit, what].sort());
    const { inputs } = await captureProvider.check!(outs, outs);
    expect((inputs as CaptureInputs).drift!.found).toHaveLength(2);
    const before = outs.tableIds!["public.orders"];
    outs = (await captureProvider.update!("debezium", outs, { ...outs, replicaIdentity: "FULL" }))
      .outs as CaptureOutputs;
    expect(await changed()).toEqual([]);
    expect(outs.tableIds!["public.orders"]).not.toBe(before);
    if (what === "relabelled") await server.query("alter type mood rename value 'low' to 'sad'");
    else await server.query("alter table orders drop constraint orders_pkey, add primary key (id)");
    outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  }
  await server.query("alter table orders drop column felt; drop type mood");
  outs = (await captureProvider.update!("debezium", outs, { ...outs, replicaIdentity: "DEFAULT" }))
    .outs as CaptureOutputs;
});

test("a key whose column gets another type: its records' key is told otherwise; integers, and texts, of any width are told alike", async () => {
  await server.query("alter table orders alter id type bigint");
  expect(await changed()).toEqual([]);
  await server.query("alter table orders alter id type varchar(20)");
  const found = await changed();
  expect(found).toEqual([{ table: "public.orders", what: "rekeyed", was: null, now: null }]);
  expect(whatHappened(found[0] as ChangedTable)).toBe(
    "the key of public.orders was made again, is of another type, or has its columns in another order",
  );
  const before = outs.tableIds!["public.orders"];
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(outs.tableIds!["public.orders"]).not.toBe(before);
  await server.query("alter table orders alter id type text");
  expect(await changed()).toEqual([]);
  // Notes of an earlier version know of no types.
  await server.query(
    "alter table debezium.captured drop column forms, drop column cells; alter table orders alter id type uuid using gen_random_uuid()",
  );
  expect(await changed()).toEqual([]);
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  await server.query("alter table orders alter id type text");
  expect(await changed()).toHaveLength(1);
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
});

test.each([
  ["mood", "glad"],
  ["mood_again", "glad"],
  ["mood[]", "{glad}"],
])("a value of an enum is renamed, in a key of %s", async (type, value) => {
  await server.query(`
    create type mood as enum ('sad', 'glad'); create domain mood_again as mood;
    alter table orders drop constraint orders_pkey, add column felt ${type} not null default '${value}', add primary key (id, felt)`);
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  await server.query("alter type mood add value 'calm' before 'glad'");
  expect(await changed()).toEqual([]);
  await server.query("alter type mood rename value 'glad' to 'happy'");
  expect(await changed()).toEqual([{ table: "public.orders", what: "relabelled", was: null, now: null }]);
  const before = outs.tableIds!["public.orders"];
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  expect(outs.tableIds!["public.orders"]).not.toBe(before);
  // Notes of an earlier version know of no labels.
  await server.query("alter table debezium.captured drop column labels; alter type mood rename value 'sad' to 'low'");
  expect(await changed()).toEqual([]);
  await server.query(`
    alter table orders drop constraint orders_pkey, drop column felt, add primary key (id); drop type mood cascade`);
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
});

test("a value of an enum is renamed that is in no key: rows that hold it differ from their records", async () => {
  await server.query(
    "create type mood as enum ('sad', 'glad'); alter table orders add column felt mood, add column also mood",
  );
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  await server.query("alter table orders drop column also; alter type mood add value 'calm' before 'glad'");
  expect(await changed()).toEqual([]);
  await server.query("alter type mood rename value 'glad' to 'happy'");
  expect(await changed()).toEqual([{ table: "public.orders", what: "relabelled", was: null, now: null }]);
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  await server.query("alter table orders drop column felt; drop type mood");
  expect(await changed()).toEqual([]);
});

test("a primary key that becomes DEFERRABLE", async () => {
  await server.query(
    "alter table orders drop constraint orders_pkey, add constraint orders_pkey primary key (id) deferrable",
  );
  await expect(server.query("delete from orders")).rejects.toThrow("replica identity");
  const rekeyed = { table: "public.orders", what: "rekeyed", was: "id", now: "number" };
  expect(await changed()).toEqual([rekeyed, expect.objectContaining({ table: "public.orders", what: "blocked" })]);
  await expect(captureProvider.update!("debezium", outs, outs)).rejects.toThrow(
    "Make that of public.orders NOT DEFERRABLE: a deferrable one is none to logical replication, or set replicaIdentity to FULL.",
  );
});

test("asked on any session the statement is not compiled, and the session is as it was", async () => {
  const client = new Client(server.at());
  const notices: unknown[] = [];
  client.on("notice", (notice) => notices.push(notice.message));
  await client.connect();
  try {
    const { signalTable, publication } = outs;
    expect(await readChangedTables(client, signalTable, publication)).toEqual(await changed());
    const asking = { query: (sql: string) => client.query(`${sql}; show jit`) } as unknown as Client;
    expect(await readChangedTables(asking, signalTable, publication)).toEqual([{ jit: "off" }]);
    expect((await client.query("show jit")).rows).toEqual([{ jit: "on" }]);
    // A LOCAL outside of a transaction would do nothing, and be told.
    expect(notices).toEqual([]);
  } finally {
    await client.end();
  }
});
