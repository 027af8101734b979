import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { Notification } from "../../../../components/connector/snapshot/notifications";
import { untilOver } from "../../../../components/connector/snapshot/snapshot-end";
import { clearSignals, type Signals } from "../../../../components/connector/snapshot/signals";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";

let server: EmbeddedPostgres;
let signals: Signals;
const told: Notification[] = [];
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE signals (id text PRIMARY KEY, type text NOT NULL, data text)");
  signals = { database: server.at(), table: "public.signals" };
});
afterEach(async () => {
  told.length = 0;
  await server.query("TRUNCATE signals");
});
afterAll(() => server.stop());

const beside = (type: string): Notification => ({ id: "cdc-1", kind: "incremental", type, table: "public.a" });
const window = (end: "open" | "close"): Promise<unknown> =>
  server.query(`INSERT INTO signals VALUES ('chunk-1-${end}', 'snapshot-window-${end}', '')`);

/** What has happened by the time that the wait is over. */
async function waited(later: () => Promise<void>, patienceMs?: number): Promise<string[]> {
  const seen: string[] = [];
  await Promise.all([
    untilOver(() => told, signals, patienceMs).then(() => seen.push("over")),
    later().then(() => seen.push("written")),
  ]);
  return seen;
}

test("a table's end is not the snapshot's: Debezium still writes what closes the last chunk, and then no signal is left", async () => {
  told.push(beside("STARTED"), beside("TABLE_SCAN_COMPLETED"));
  await window("open");
  const order = await waited(async () => {
    await server.query("SELECT pg_sleep(0.2)");
    told.push(beside("COMPLETED"));
    await server.query("SELECT pg_sleep(0.2)");
    await window("close");
  });
  expect(order).toEqual(["written", "over"]);
  await clearSignals(signals);
  expect(await server.query("SELECT id FROM signals")).toEqual([]);
});

test("a snapshot that goes on with another table is not waited for, nor one that never was", async () => {
  await window("open");
  told.push(beside("TABLE_SCAN_COMPLETED"), beside("IN_PROGRESS"));
  expect(await waited(async () => void (await server.query("SELECT pg_sleep(1)")))).toEqual(["over", "written"]);
  told.length = 0;
  await server.query("TRUNCATE signals");
  expect(await waited(async () => void (await server.query("SELECT pg_sleep(1)")))).toEqual(["over", "written"]);
});

test("a window that a killed task has left open is waited for only so long", async () => {
  told.push(beside("COMPLETED"));
  await window("open");
  expect(await waited(async () => void (await server.query("SELECT pg_sleep(5)")), 100)).toEqual(["over", "written"]);
});

test("a database that does not answer is no end", async () => {
  const nowhere = { ...signals, database: { ...signals.database, port: 1 } };
  await expect(untilOver(() => told, nowhere)).rejects.toThrow("ECONNREFUSED");
});
