import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { captureProvider } from "../../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../../components/capture/capture-types";
import { readFacts } from "../../../../components/capture/facts/database-facts";
import { noteTablesSql, renoteTablesSql } from "../../../../components/capture/notes";
import { changedTablesSql } from "../../../../components/capture/tables/changed";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { INPUTS } from "../database";

/** Captured tables to which something was done that logical replication forbids, or has no log of. */
let server: EmbeddedPostgres;
let outs: CaptureOutputs;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query(`
    create table orders (id int primary key);
    insert into orders values (1);
    create table metrics (id int, at date, primary key (id, at)) partition by range (at);
    create table metrics_2026 partition of metrics for values from ('2026-01-01') to ('2027-01-01') partition by range (id);
    create table metrics_2026_1 partition of metrics_2026 for values from (0) to (10);
    create table loose (id int not null, at date not null);
    alter table loose replica identity nothing;
    insert into loose values (11, '2026-05-01');
  `);
  const { host, port, database, user, password } = server.at();
  const tables = ["public.orders", "public.metrics"];
  const inputs: CaptureInputs = { ...INPUTS, host, port, database, adminUser: user, adminPassword: password, tables };
  outs = (await captureProvider.create({ ...inputs, replicaIdentity: "DEFAULT" })).outs as CaptureOutputs;
});
afterAll(() => server.stop());

const changed = () => server.query(changedTablesSql(outs.signalTable, outs.publication));
const blocked = (table: string) => expect.objectContaining({ table, what: "blocked" });

test("a partition that is attached without a replica identity, at any depth", async () => {
  expect(await changed()).toEqual([]);
  await server.query("alter table metrics_2026 attach partition loose for values from (10) to (20)");
  await expect(server.query("delete from metrics where id = 11")).rejects.toThrow("replica identity");
  expect(await changed()).toEqual([
    blocked("public.metrics"),
    { table: "public.metrics", what: "attached", was: null, now: "public.loose" },
  ]);
  const before = outs.tableIds!["public.metrics"];
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  // The rows that it brought along are in no log.
  expect(outs.tableIds!["public.metrics"]).not.toBe(before);
  await server.query("delete from metrics where id = 11");
});

test("partitions that are made as such, detached and dropped, also of a capture that has noted nothing of them", async () => {
  await server.query(`
    create table metrics_2027 partition of metrics for values from ('2027-01-01') to ('2028-01-01') partition by range (id);
    create table metrics_2027_1 partition of metrics_2027 for values from (0) to (10);
    alter table metrics_2027 detach partition metrics_2027_1;
    drop table metrics_2027, metrics_2027_1`);
  expect(await changed()).toEqual([]);
  await server.query("vacuum full pg_inherits");
  await server.query("vacuum freeze pg_inherits, pg_attribute");
  expect(await changed()).toEqual([]);
  await server.query("alter table debezium.captured drop column attached");
  expect(await changed()).toEqual([]);
  const before = outs.tableIds;
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(outs.tableIds).toEqual(before);
  await server.query(`
    create table metrics_2028 (id int, at date, primary key (id, at)); insert into metrics_2028 values (1, '2028-01-01')`);
  await server.query(
    "alter table metrics attach partition metrics_2028 for values from ('2028-01-01') to ('2029-01-01')",
  );
  expect(await changed()).toEqual([
    { table: "public.metrics", what: "attached", was: null, now: "public.metrics_2028" },
  ]);
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
});

test.each([
  ["alter table metrics_2028 set unlogged", "alter table metrics_2028 set logged", "metrics", "metrics_2028", true],
  ["create table rush () inherits (orders)", "drop table rush", "orders", "rush", false],
])("%s: rows of which nobody is told, until somebody mends it", async (sql, mend, table, now, areLost) => {
  await server.query(sql);
  expect(await changed()).toEqual([{ table: `public.${table}`, what: "apart", was: null, now: `public.${now}` }]);
  await expect(captureProvider.update!("debezium", outs, outs)).rejects.toThrow(`public.${now}`);
  const before = outs.tableIds;
  await server.query(mend);
  // Rows that were written to the unlogged partition are in no log.
  const lost = { table: `public.${table}`, what: "emptied", was: null, now: `public.${now}` };
  expect(await changed()).toEqual(areLost ? [lost] : []);
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  expect(outs.tableIds![`public.${table}`] === before![`public.${table}`]).toBe(!areLost);
});

test("an ALTER TABLE in an open transaction holds up nobody who looks", async () => {
  const application = new Client(server.at());
  const heartbeat = new Client({ ...server.at(), statement_timeout: 5000 });
  await Promise.all([application.connect(), heartbeat.connect()]);
  await application.query("begin; alter table metrics add note text; alter table orders add note text");
  expect((await heartbeat.query(changedTablesSql(outs.signalTable, outs.publication))).rows).toEqual([]);
  await application.query("rollback");
  await Promise.all([application.end(), heartbeat.end()]);
});

test("changes that came under another name, as the connector notes it: told until the table is read again", async () => {
  const connector = new Client({ ...server.at(), user: outs.role, password: outs.rolePassword });
  await connector.connect();
  await connector.query("update debezium.captured set named = 'away' where name = 'orders'");
  await expect(connector.query("update debezium.captured set id = 'mine'")).rejects.toThrow("permission denied");
  await connector.end();
  const away = [{ table: "public.orders", what: "returned", was: null, now: null }];
  expect(await changed()).toEqual(away);
  // By another apply, which knew nothing of it when it began, and by a catalogue that is made anew.
  const admin = new Client(server.at());
  await admin.connect();
  const facts = await readFacts(admin, outs);
  const noted = facts.notes!.ids["public.orders"]!;
  for (const sql of [...noteTablesSql(outs, facts.notes!.ids, facts), renoteTablesSql(outs)]) await admin.query(sql);
  await admin.end();
  expect(await changed()).toEqual(away);
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  expect(outs.tableIds!["public.orders"]).not.toBe(noted);
  // What was written before is in the rows that are read now.
  expect(
    await server.query("select name from debezium.captured where since is not null order by since desc limit 1"),
  ).toEqual([{ name: "orders" }]);
});

test("a table that becomes a partition of one that is not captured: schema.* stands for it no more, which is refused", async () => {
  await server.query(`
    create schema shop; create table shop.sold (id int primary key); create table shop.kept (id int primary key);
    create schema whole; create table whole.sold (id int primary key) partition by range (id)`);
  const tables = ["public.orders", "public.metrics", "shop.*"];
  outs = (await captureProvider.update!("debezium", outs, { ...outs, tables })).outs as CaptureOutputs;
  await server.query("alter table whole.sold attach partition shop.sold for values from (0) to (10)");
  const said =
    "shop.sold: it has become a partition of whole.sold, which is not captured, so its changes would no longer be captured. " +
    'Name whole.sold in `tables` too, or detach it: ALTER TABLE "whole"."sold" DETACH PARTITION "shop"."sold".';
  const { failures } = await captureProvider.check!(outs, outs);
  expect(failures!.map(({ reason }) => reason)).toEqual([said, "To go on without it, add !shop.sold to `tables`."]);
  await expect(captureProvider.update!("debezium", outs, outs)).rejects.toThrow(said);
  const named = { ...outs, tables: [...tables, "whole.sold"] };
  const { captured } = (await captureProvider.update!("debezium", outs, named)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  expect(captured).toEqual(["public.metrics", "public.orders", "shop.kept", "whole.sold"]);
  outs = (await captureProvider.update!("debezium", outs, { ...outs, tables: tables.slice(0, 2) }))
    .outs as CaptureOutputs;
  await server.query("drop schema shop, whole cascade");
});

test("a schema that is renamed: as its tables, as long as it has the other name", async () => {
  await server.query("alter schema public rename to shop");
  expect(await changed()).toContainEqual({
    ...{ table: "public.orders", what: "renamed", was: "public.orders", now: "shop.orders" },
  });
  await server.query("alter schema shop rename to public");
  expect(await changed()).toEqual([]);
});
