import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { waitersOf, waitersWords } from "../../../../components/database/blockers";
import { copying } from "../../../../components/connector/snapshot/moving";
import { ALL_TABLES, followSnapshot, progressWords } from "../../../../components/connector/snapshot/snapshot-progress";
import { poll } from "../../../../components/poll";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { inputsFor } from "../setting";

/** A session that reads a table as Debezium does, and sessions that look at it. */
let server: EmbeddedPostgres;
let snapshot: Client;
let looker: Client;
const ask = <T>(work: (client: Client) => Promise<T>): Promise<T> => work(looker);
const inputs = (change: Record<string, string> = {}) =>
  inputsFor("http://c", {
    config: { "database.user": "super", "topic.prefix": "p", "table.include.list": "public\\.t", ...change },
  });

async function session(application_name: string): Promise<Client> {
  const client = new Client({ ...server.at(), application_name });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 100) g");
  await server.query("ANALYZE t");
  snapshot = await session("Debezium General");
  looker = await session("test");
}, 60_000);
afterAll(async () => {
  await Promise.all([snapshot.end(), looker.end()]);
  await server.stop();
});

test("no snapshot, rows that move, and rows that do not", async () => {
  await snapshot.query("SELECT 1");
  expect(await copying(ask, inputs())).toBeUndefined();
  await snapshot.query("BEGIN; DECLARE c CURSOR FOR SELECT * FROM t");
  const marks = async () => {
    const found = await poll(
      async () => {
        const copy = await copying(ask, inputs());
        return copy ? { done: true, value: copy } : { done: false, seen: "none" };
      },
      { what: "a snapshot", deadlineMs: 10_000, intervalMs: 20 },
    );
    return found.mark;
  };
  const first = await marks();
  expect(await marks()).toBe(first);
  await snapshot.query("FETCH 10 FROM c");
  const second = await marks();
  expect(second).not.toBe(first);
  // A statement that the database works on, until its first row.
  const sorting = snapshot.query("SELECT pg_sleep(1)");
  const third = await marks();
  expect(await marks()).not.toBe(third);
  await sorting;
  const counts = {
    written: () => Promise.resolve(500),
    writtenBefore: () => Promise.resolve(100),
    close: () => Promise.resolve(),
  };
  const follow = (config: Record<string, string>) =>
    followSnapshot(
      ask,
      () => Promise.resolve(counts),
      inputs(config),
      () => Promise.resolve(["p.public.t", "all"]),
    )();
  expect(await follow({})).toMatchObject({ tables: [{ table: "public.t", rows: 400, of: 100 }] });
  const routed = (await follow({ transforms: "route" }))!;
  expect(routed.tables).toEqual([{ table: ALL_TABLES, rows: 800, of: 100 }]);
  expect(routed.mark).toMatch(/^800 /);
  expect(progressWords(routed.tables, [{ table: ALL_TABLES, rows: 600 }], 2)).toBe(
    "snapshot: 800 records written, as transforms let them through, of tables with about 100 rows; 100 records/s",
  );
  // Without Kafka's address, the database alone tells that rows move.
  const uncounted = await followSnapshot(ask, undefined, inputs(), () => Promise.resolve([]))();
  expect(uncounted).toMatchObject({ tables: [] });
  await snapshot.query("ROLLBACK");
}, 60_000);

test("a lock that a snapshot waits for is no movement", async () => {
  const other = await session("psql");
  await other.query("BEGIN; LOCK TABLE t");
  await snapshot.query("BEGIN");
  const waiting = snapshot.query("SELECT * FROM t");
  const marks = () =>
    poll<string>(
      async () => {
        const { rows } = await looker.query("SELECT FROM pg_locks WHERE NOT granted");
        const copy = rows.length > 0 ? await copying(ask, inputs()) : undefined;
        return copy ? { done: true, value: copy.mark } : { done: false, seen: "no wait" };
      },
      { what: "a snapshot that waits", deadlineMs: 10_000, intervalMs: 20 },
    );
  const mark = await marks();
  expect(await marks()).toBe(mark);
  await other.query("ROLLBACK");
  await waiting;
  await snapshot.query("ROLLBACK");
  await other.end();
}, 60_000);

test("who waits for the snapshot's end: process, program, since when, with what, and how many behind it", async () => {
  expect(await waitersOf(looker, "super")).toEqual([]);
  const [altering, reading] = [await session("migration"), await session("shop")];
  await snapshot.query("BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
  const isWaiting = (count: number) =>
    poll<void>(
      async () => {
        const { rows } = await looker.query("SELECT FROM pg_locks WHERE NOT granted");
        return rows.length === count ? { done: true, value: undefined } : { done: false, seen: `${rows.length}` };
      },
      { what: `${count} that wait`, deadlineMs: 10_000, intervalMs: 20 },
    );
  const altered = altering.query("ALTER TABLE t\n ADD note text");
  await isWaiting(1);
  const read = reading.query("SELECT * FROM t");
  await isWaiting(2);
  const found = await waitersOf(looker, "super");
  expect(found).toMatchObject([
    { program: "migration", user: "super", statement: "ALTER TABLE t\n ADD note text", behind: 1 },
  ]);
  const { pid } = found[0]!;
  expect(waitersWords(found)).toMatch(
    new RegExp(
      `^until the rows are read, these wait: process ${pid} \\(migration\\) of super in \\w+ for \\d+ s: ALTER TABLE t ADD note text, ` +
        `and 1 more behind it \\(end its wait with: SELECT pg_cancel_backend\\(${pid}\\)\\)$`,
    ),
  );
  expect(await waitersOf(looker, "somebody")).toEqual([]);
  await snapshot.query("ROLLBACK");
  await Promise.all([altered, read]);
  await Promise.all([altering.end(), reading.end()]);
}, 60_000);
