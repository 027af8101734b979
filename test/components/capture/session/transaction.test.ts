import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { Client } from "pg";
import { captureProvider } from "../../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../../components/capture/capture-types";
import { clientOptions } from "../../../../components/database/client";
import { poll } from "../../../../components/poll";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { INPUTS } from "../database";

/** Checks transactions that an application has open while its tables are captured. */
let server: EmbeddedPostgres;
let application: Client;
let inputs: CaptureInputs;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query(`
    create table a (id int primary key); create table b (id int primary key);
    create table other (id int primary key); create table written (id int primary key);
    alter table other replica identity full; alter table written replica identity full`);
  const { host, port, database, user, password } = server.at();
  inputs = { ...INPUTS, host, port, database, adminUser: user, adminPassword: password };
});
afterAll(() => server.stop());
beforeEach(async () => {
  application = new Client(clientOptions(server.at()));
  await application.connect();
});
afterEach(() => application.end());

/** Waits until the capture waits for this lock. */
async function waits(mode: string, table: string): Promise<void> {
  await poll<void>(
    async () => {
      const found = await server.query(
        `select from pg_locks where not granted and mode = '${mode}' and relation = '${table}'::regclass`,
      );
      return found.length > 0 ? { done: true, value: undefined } : { done: false, seen: "nobody" };
    },
    { what: `a capture that waits for ${table}`, deadlineMs: 15_000, intervalMs: 10 },
  );
}

test("an application that takes tables in another order goes on: it is never the side of a deadlock that fails", async () => {
  await application.query("begin; insert into b values (1)");
  const capture = captureProvider.create({ ...inputs, tables: ["public.a", "public.b"] });
  await waits("AccessExclusiveLock", "b");
  await application.query("insert into a values (1); commit");
  const { outs } = await capture;
  await captureProvider.delete!("debezium", outs as CaptureOutputs);
});

test("what was being written to a table before it was published is committed when its capture ends", async () => {
  const made = (await captureProvider.create({ ...inputs, tables: ["public.other"] })).outs as CaptureOutputs;
  await server.query(`select pg_create_logical_replication_slot('${inputs.slotName}', 'pgoutput')`);
  await application.query("begin; insert into written values (1)");
  let isOver = false;
  const news = { ...made, tables: ["public.other", "public.written"] };
  const added = captureProvider.update!("debezium", made, news).finally(() => (isOver = true));
  await waits("ShareRowExclusiveLock", "written");
  expect(isOver).toBe(false);
  await application.query("commit");
  const outs = (await added).outs as CaptureOutputs;
  // No rows have to be read, so the capture waits for nobody.
  await application.query("begin; insert into written values (2)");
  await captureProvider.update!("debezium", outs, outs);
  await application.query("rollback");
});
