import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { captureProvider } from "../../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../../components/capture/capture-types";
import { type ChangedTable, changedTablesSql } from "../../../../components/capture/tables/changed";
import { whatHappened } from "../../../../components/capture/tables/changed-words";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { INPUTS } from "../database";

/** Captured tables that look unchanged, while the log lacks changes of them, or has others. */
let server: EmbeddedPostgres;
let outs: CaptureOutputs;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("create table orders (id int primary key)");
  const { host, port, database, user, password } = server.at();
  const tables = ["public.orders"];
  const inputs: CaptureInputs = { ...INPUTS, host, port, database, adminUser: user, adminPassword: password, tables };
  outs = (await captureProvider.create(inputs)).outs as CaptureOutputs;
});
afterAll(() => server.stop());

const changed = () => server.query(changedTablesSql(outs.signalTable, outs.publication));
const blocked = (table: string) => expect.objectContaining({ table, what: "blocked" });

test("a key whose columns change places: to Kafka it is another one", async () => {
  const { tables } = outs;
  await server.query("create table pairs (a int, b int, primary key (b, a))");
  outs = (await captureProvider.update!("debezium", outs, { ...outs, tables: [...tables, "public.pairs"] }))
    .outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  await server.query("alter table pairs drop constraint pairs_pkey, add primary key (a, b)");
  expect(await changed()).toEqual([{ table: "public.pairs", what: "rekeyed", was: null, now: null }]);
  // Notes of an earlier version lack the places.
  await server.query("alter table debezium.captured drop column placed, drop column made");
  expect(await changed()).toEqual([]);
  outs = (await captureProvider.update!("debezium", outs, { ...outs, tables })).outs as CaptureOutputs;
  await server.query("drop table pairs");
});

test("a primary key that was away for a while, as for a load: what was written meanwhile has none; an index built anew changes nothing", async () => {
  await server.query("reindex index concurrently orders_pkey");
  expect(await changed()).toEqual([]);
  await server.query("alter table orders drop constraint orders_pkey");
  await server.query("insert into orders values (100)");
  await server.query("alter table orders add primary key (id)");
  expect(await changed()).toEqual([{ table: "public.orders", what: "rekeyed", was: null, now: null }]);
  const before = outs.tableIds!["public.orders"];
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  expect(outs.tableIds!["public.orders"]).not.toBe(before);
});

test("a unique index that is the key, and was none for a while: what was written meanwhile has none", async () => {
  const { tables } = outs;
  await server.query(`
    create table loose (a int not null, b int not null, c int); create unique index by_a on loose (a);
    create table bound (a int not null constraint bound_a unique, c int)`);
  const more = [...tables, "public.loose", "public.bound"];
  const up = async (): Promise<string[]> => {
    const before = outs.tableIds ?? {};
    outs = (await captureProvider.update!("debezium", outs, { ...outs, tables: more })).outs as CaptureOutputs;
    return Object.keys(before).filter((table) => outs.tableIds![table] !== before[table]);
  };
  await up();
  for (const same of [
    "reindex table loose; reindex table bound",
    "alter table loose alter c set default 3, add d int",
  ]) {
    await server.query(same);
  }
  await server.query("reindex table concurrently bound");
  expect(await changed()).toEqual([]);
  const back = { table: "public.loose", what: "rekeyed", was: null, now: null };
  for (const sql of [
    "drop index by_a; create unique index by_a on loose (a)",
    "alter table loose alter a drop not null; alter table loose alter a set not null",
    "alter table loose add primary key (a); drop index by_a",
    "create unique index by_a on loose (a); alter table loose drop constraint loose_pkey",
  ]) {
    for (const each of sql.split("; ")) await server.query(each);
    expect([sql, await changed()]).toEqual([sql, [back]]);
    expect(await up()).toEqual(["public.loose"]);
    expect(await changed()).toEqual([]);
  }
  await server.query("alter table bound drop constraint bound_a, add constraint bound_a unique (a)");
  expect(await changed()).toEqual([{ ...back, table: "public.bound" }]);
  await up();
  // It was the key all the time.
  await server.query("alter table loose add primary key using index by_a");
  expect(await changed()).toEqual([]);
  outs = (await captureProvider.update!("debezium", outs, { ...outs, tables })).outs as CaptureOutputs;
  await server.query("drop table loose, bound");
});

test("two captured tables that swap names, as migrations do: each is said to be the other, and both are read again", async () => {
  const { tables } = outs;
  await server.query("create table green (id int primary key); create table blue (id int primary key)");
  outs = (await captureProvider.update!("debezium", outs, { ...outs, tables: ["public.blue", "public.green"] }))
    .outs as CaptureOutputs;
  const swap =
    "begin; alter table blue rename to b; alter table green rename to blue; alter table b rename to green; end";
  await server.query(swap);
  const found = (await changed()) as unknown as ChangedTable[];
  expect(found.map(whatHappened)).toEqual([
    "public.blue is called public.green now, and another table has its name",
    "public.green is called public.blue now, and another table has its name",
  ]);
  const before = outs.tableIds!;
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(outs.tableIds!["public.blue"]).toMatch(new RegExp(`^${before["public.green"]} `));
  expect(await changed()).toEqual([]);
  await server.query(`${swap}; ${swap}`);
  expect(((await changed()) as unknown as ChangedTable[]).map(({ what }) => what)).toEqual(["returned", "returned"]);
  outs = (await captureProvider.update!("debezium", outs, { ...outs, tables })).outs as CaptureOutputs;
  await server.query("drop table blue, green");
});

test("a REPLICA IDENTITY that is FULL no more, though applications can write: told until the next up sets it again", async () => {
  const whole = { ...outs, replicaIdentity: "FULL" as const };
  outs = (await captureProvider.update!("debezium", outs, whole)).outs as CaptureOutputs;
  await server.query("alter table orders replica identity default");
  expect(await changed()).toEqual([{ table: "public.orders", what: "thinned", was: null, now: null }]);
  const { tableIds } = outs;
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  expect(outs.tableIds).toEqual(tableIds);
  await server.query("alter table orders add twice int generated always as (id * 2) virtual");
  expect(await changed()).toEqual([blocked("public.orders")]);
  await server.query("alter table orders replica identity default");
  expect(await changed()).toEqual([]);
  await server.query("alter table orders drop twice");
  outs = (await captureProvider.update!("debezium", outs, { ...outs, replicaIdentity: "DEFAULT" }))
    .outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
});

test("a table that becomes a partition of the one that takes its name: its rows are read again, once", async () => {
  await server.query("create table growing (id int primary key); insert into growing values (1)");
  const { tables } = outs;
  outs = (await captureProvider.update!("debezium", outs, { ...outs, tables: [...tables, "public.growing"] }))
    .outs as CaptureOutputs;
  await server.query(`
    alter table growing rename to growing_1; create table growing (id int primary key) partition by range (id);
    alter table growing attach partition growing_1 for values from (0) to (10)`);
  expect(await changed()).toEqual([{ table: "public.growing", what: "remade", was: null, now: "public.growing_1" }]);
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  const { tableIds } = outs;
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(outs.tableIds).toEqual(tableIds);
  outs = (await captureProvider.update!("debezium", outs, { ...outs, tables })).outs as CaptureOutputs;
  await server.query("drop table growing");
});

test("a schema that had another name for a while, where the connector is Debezium as it is published and notes nothing", async () => {
  await server.query("create schema shop; create table shop.goods (id int primary key); create role reader");
  const stock = { ...outs, tables: ["public.orders", "shop.goods"], stock: { leftOut: "" } };
  outs = (await captureProvider.update!("debezium", outs, stock)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  await server.query(
    "alter schema shop rename to mall; insert into mall.goods values (1); alter schema mall rename to shop",
  );
  expect(await changed()).toEqual([{ table: "shop.goods", what: "returned", was: null, now: null }]);
  const before = outs.tableIds!["shop.goods"];
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(outs.tableIds!["shop.goods"]).not.toBe(before);
  expect(await changed()).toEqual([]);
  // Rights are in the same row of the catalogue.
  const { tableIds } = outs;
  for (const sql of [
    "grant usage on schema shop to reader",
    // The same right again, as a migration gives it each time, and one that is taken back.
    "grant usage on schema shop to reader",
    "grant create on schema shop to reader; revoke create on schema shop from reader",
  ]) {
    await server.query(sql);
    expect([sql, await changed()]).toEqual([sql, []]);
    outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
    expect(outs.tableIds).toEqual(tableIds);
  }
  // A rename beside them is found all the same; also with notes of an earlier version, and where nothing is counted.
  await server.query("update debezium.captured set house = regexp_replace(house, '/[^ ]*', '')");
  expect(await changed()).toEqual([]);
  for (const sql of [
    "grant usage on schema shop to reader",
    "grant usage on schema shop to reader; alter schema shop rename to mall; alter schema mall rename to shop",
  ]) {
    await server.query(sql);
    expect(await changed()).toEqual([{ table: "shop.goods", what: "returned", was: null, now: null }]);
    outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  }
  outs = (await captureProvider.update!("debezium", outs, { ...outs, stock: undefined, tables: ["public.orders"] }))
    .outs as CaptureOutputs;
  await server.query("drop schema shop cascade; drop role reader");
});

test("a capture whose notes somebody empties, as tests of applications empty tables: noted again, and not read again", async () => {
  await server.query("truncate debezium.captured, debezium.signals");
  expect(await changed()).toEqual(outs.captured!.map((table) => ({ table, what: "unnoted", was: null, now: null })));
  const { tableIds } = outs;
  const { inputs } = await captureProvider.check!(outs, outs);
  expect(await captureProvider.diff!("debezium", outs, inputs as CaptureOutputs)).toMatchObject({ changes: true });
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  expect(outs.tableIds).toEqual(tableIds);
});
