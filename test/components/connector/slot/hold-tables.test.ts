import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { clientOptions } from "../../../../components/database/client";
import type { ConnectorInputs } from "../../../../components/connector/connector-types";
import { holdTables } from "../../../../components/connector/slot/hold-tables";
import { poll } from "../../../../components/poll";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { inputsFor } from "../setting";

let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query('CREATE TABLE t (a int); CREATE TABLE "Of mine" (a int); CREATE TABLE other (a int)');
});
afterAll(() => server.stop());

const held = (tables: string): ConnectorInputs => ({
  ...inputsFor("http://c", { database: server.at() }),
  config: { "slot.name": "s", "table.include.list": tables },
});

async function session(): Promise<Client> {
  const client = new Client(clientOptions(server.at()));
  await client.connect();
  return client;
}
async function locks(mode: string): Promise<string[]> {
  const client = await session();
  const sql = `SELECT relation::regclass::text AS name FROM pg_locks WHERE mode = $1 AND granted AND relation IN
    (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) ORDER BY 1`;
  const { rows } = await client.query<{ name: string }>(sql, [mode]);
  await client.end();
  return rows.map(({ name }) => name);
}

test("who would truncate a captured table waits until the slot is made, and no longer", async () => {
  const end = await holdTables(held("public\\.t,public\\.Of mine"));
  expect(await locks("AccessShareLock")).toEqual(['"Of mine"', "t"]);
  const other = await session();
  await other.query("SET lock_timeout = 200");
  await expect(other.query("TRUNCATE t")).rejects.toThrow("canceling statement due to lock timeout");
  await other.query("TRUNCATE other");
  await other.query("INSERT INTO t VALUES (1)");
  await server.query("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
  await poll<void>(
    async () =>
      (await locks("AccessShareLock")).length === 0 ? { done: true, value: undefined } : { done: false, seen: "held" },
    { what: "the tables to be let go", deadlineMs: 20_000, intervalMs: 20 },
  );
  await other.query("TRUNCATE t");
  await other.end();
  await end();
});

test("the locks end when the session is ended, and a missing table is not locked", async () => {
  await server.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
  const end = await holdTables(held("public\\.t"));
  await end();
  expect(await locks("AccessShareLock")).toEqual([]);
  await (
    await holdTables(held("public\\.none"))
  )();
  expect(await locks("AccessShareLock")).toEqual([]);
});
