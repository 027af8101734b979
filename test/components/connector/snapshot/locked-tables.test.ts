import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { Client } from "pg";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";

/** Runs the statement with which a snapshot locks a table. */
let server: EmbeddedPostgres;
let snapshot: Client;
const [, statement] = / LOCK = """([^]*?)"""/.exec(
  readFileSync("images/kafka/extensions/cdc/LockedTables.java", "utf8"),
)!;
const lock = (table: string) => snapshot.query(`SET lock_timeout = 200; ${statement!.replaceAll("?", table)}`);

beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query(`CREATE TABLE "odd table's" (id int, amount int)`);
  await server.query("CREATE TABLE parts (id int, amount int) PARTITION BY RANGE (id)");
  await server.query("CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (100)");
  await server.query(`INSERT INTO "odd table's" VALUES (1, 1)`);
  await server.query("INSERT INTO parts VALUES (1, 1)");
  snapshot = new Client(server.at());
  await snapshot.connect();
}, 60_000);
beforeEach(async () => {
  await snapshot.query("ROLLBACK; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
});
afterAll(async () => {
  await snapshot.end();
  await server.stop();
});

test.each([`public."odd table's"`, "public.parts"])("%s: ALTER TABLE waits for the lock's end", async (table) => {
  await lock(table);
  await expect(server.query(`SET lock_timeout = 100; ALTER TABLE ${table} ALTER amount TYPE bigint`)).rejects.toThrow(
    "lock timeout",
  );
  await server.query(`INSERT INTO ${table} VALUES (2, 2)`);
});

test.each([
  ["a type", "ALTER amount TYPE bigint", "ALTER amount TYPE int"],
  ["a column with a default that differs by row", "ADD at timestamptz DEFAULT clock_timestamp()", "DROP at"],
])("%s that came before the lock: the rows are not seen, and the lock says so", async (_, after, back) => {
  for (const table of [`public."odd table's"`, "public.parts"]) {
    await snapshot.query("ROLLBACK; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
    await server.query(`ALTER TABLE ${table} ${after}`);
    const { rows } = await snapshot.query(`SELECT FROM ${table}`);
    expect(rows).toEqual([]);
    await expect(lock(table)).rejects.toThrow(`${table} was written anew since the moment of the snapshot`);
    await snapshot.query("ROLLBACK");
    await server.query(`ALTER TABLE ${table} ${back}`);
  }
});

test("changes of the catalogue that write no table anew are none", async () => {
  await server.query("ALTER TABLE parts ADD note text");
  await server.query("CREATE INDEX ON parts (id)");
  await server.query("CREATE TABLE new_part PARTITION OF parts FOR VALUES FROM (100) TO (200)");
  await lock("public.parts");
});
