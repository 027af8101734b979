import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";

/** What the connector asks of a slot that it drops for a snapshot, of a server: whether something captured is passed over. */
let server: EmbeddedPostgres;
const [, asked] = /HELD = """([^]*?)"""/.exec(readFileSync("images/kafka/extensions/cdc/FreshSlot.java", "utf8"))!;
const holds = async (): Promise<boolean> => {
  const [slot, publication] = ["'s'", "'Pub lication'"];
  const [row] = await server.query(`SELECT EXISTS (${asked!.replace("?", slot).replace("?", publication)}) AS held`);
  return (row as { held: boolean }).held;
};

beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE t (id int PRIMARY KEY, v text)");
  await server.query("CREATE TABLE others (id int)");
  await server.query('CREATE PUBLICATION "Pub lication" FOR TABLE t');
  await server.query("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
}, 60_000);
afterAll(() => server.stop());

test("at rest it holds nothing: heartbeats, other tables' rows and what was rolled back are no captured change", async () => {
  expect(await holds()).toBe(false);
  await server.query("SELECT pg_logical_emit_message(true, 'cdc.heartbeat', '')");
  await server.query("INSERT INTO others SELECT generate_series(1, 100)");
  await server.query("BEGIN; INSERT INTO t VALUES (1); ROLLBACK");
  await server.query("ALTER TABLE t ADD COLUMN w int");
  expect(await holds()).toBe(false);
});

test.each(["INSERT INTO t VALUES (1)", "UPDATE t SET v = 'x'", "DELETE FROM t", "TRUNCATE t"])(
  "%s is one",
  async (sql) => {
    await server.query(sql);
    await server.query("INSERT INTO others VALUES (1)");
    expect(await holds()).toBe(true);
    // It was looked at, not taken.
    expect(await holds()).toBe(true);
    await server.query("SELECT pg_replication_slot_advance('s', pg_current_wal_lsn())");
    expect(await holds()).toBe(false);
  },
);
