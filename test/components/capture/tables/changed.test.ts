import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { captureProvider } from "../../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../../components/capture/capture-types";
import { changedTablesSql } from "../../../../components/capture/tables/changed";
import { EmbeddedPostgres } from "../../../support/embedded-postgres";
import { INPUTS } from "../database";

/** Captured tables that take no UPDATE or DELETE any more, since something was done to them that logical replication forbids. */
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
}, 60_000);
afterAll(() => server.stop());

const changed = () => server.query(changedTablesSql(outs.signalTable, outs.publication));
const blocked = (table: string) => expect.objectContaining({ table, what: "blocked" });

test("a partition that is attached without a replica identity, at any depth", async () => {
  expect(await changed()).toEqual([]);
  await server.query("alter table metrics_2026 attach partition loose for values from (10) to (20)");
  await expect(server.query("delete from metrics where id = 11")).rejects.toThrow("replica identity");
  expect(await changed()).toEqual([blocked("public.metrics")]);
  outs = (await captureProvider.update!("debezium", outs, outs)).outs as CaptureOutputs;
  expect(await changed()).toEqual([]);
  await server.query("delete from metrics where id = 11");
});

test("a primary key that becomes DEFERRABLE", async () => {
  await server.query(
    "alter table orders drop constraint orders_pkey, add constraint orders_pkey primary key (id) deferrable",
  );
  await expect(server.query("delete from orders")).rejects.toThrow("replica identity");
  expect(await changed()).toEqual([blocked("public.orders")]);
  await expect(captureProvider.update!("debezium", outs, outs)).rejects.toThrow(
    "Make that of public.orders NOT DEFERRABLE: a deferrable one is none to logical replication, or set replicaIdentity to FULL.",
  );
});
