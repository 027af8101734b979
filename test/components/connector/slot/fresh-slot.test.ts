import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";

/** Runs the connector's queries about a slot that it drops for a snapshot: whether the drop skips captured changes. */
let server: EmbeddedPostgres;
const java = readFileSync("images/kafka/extensions/cdc/FreshSlot.java", "utf8");
const query = (name: string): string =>
  new RegExp(` ${name} = """([^]*?)"""`)
    .exec(java)![1]!
    .replaceAll("\\\\", "\\")
    .replace("?", "'s'")
    .replace("?", "'Pub lication'");
const holds = async (): Promise<boolean> => {
  const [row] = await server.query(`SELECT EXISTS (${query("HELD")}) AS held`);
  return (row as { held: boolean }).held;
};
const unheard = async (): Promise<string | null> => {
  const [row] = await server.query(query("UNHEARD"));
  return (row as { min: string | null }).min;
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
    // The look did not consume the change.
    expect(await holds()).toBe(true);
    await server.query("SELECT pg_replication_slot_advance('s', pg_current_wal_lsn())");
    expect(await holds()).toBe(false);
  },
);

test("a message that it passes over something is found in it, whose stream was never read, and no other one is", async () => {
  const say = (prefix: string, content: string): Promise<unknown> =>
    server.query(`SELECT pg_logical_emit_message(true, '${prefix}', '${content}')`);
  await say("cdc.heartbeat", "1 2");
  await say("cdc.begun-anew-not", "3 4");
  await server.query("INSERT INTO t VALUES (9)");
  expect(await unheard()).toBeNull();
  await say("cdc.begun-anew", "24577832 24578160");
  await say("cdc.begun-anew", "24577800 24579000");
  expect(await unheard()).toBe("24577800");
  await server.query("SELECT pg_replication_slot_advance('s', pg_current_wal_lsn())");
  expect(await unheard()).toBeNull();
});
