import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { snapshotSignals } from "../../../../components/connector/snapshot/snapshot-signal";
import { lookAtTables } from "../../../../components/connector/snapshot/table-look";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";

/** Looks at tables of a real server. The large one has 90 MB, in rows of about 1 kB. */
let server: EmbeddedPostgres;
const ROWS = 80_000;
beforeAll(async () => {
  server = await EmbeddedPostgres.start({ autovacuum: "off" });
  await server.query(
    "CREATE TABLE small (id int PRIMARY KEY, v text); INSERT INTO small SELECT g FROM generate_series(1, 7) g",
  );
  await server.query("CREATE TABLE large (id int PRIMARY KEY, v text)");
  await server.query(`INSERT INTO large SELECT g, repeat('x', 1000) FROM generate_series(1, ${ROWS}) g`);
}, 120_000);
afterAll(() => server.stop());

const look = async (table: string) => (await lookAtTables(server.at(), [table])).get(table)!;
const ways = async (table: string) => snapshotSignals(table, await look(table)).map(({ type }) => type);
const isAKilobyte = async (table: string): Promise<void> => {
  const { rowBytes } = await look(table);
  expect(rowBytes).toBeGreaterThan(900);
  expect(rowBytes).toBeLessThan(1400);
};

test("a small table is counted", async () => {
  expect(await look("public.small")).toMatchObject({ hasKey: true, rows: 7 });
  expect(await ways("public.small")).toEqual(["blocking"]);
});

test("a large table that is no partition is read beside the stream, whether it was analyzed or not", async () => {
  await isAKilobyte("public.large");
  expect(await ways("public.large")).toEqual(["incremental", "blocking"]);
  await server.query("ANALYZE large");
  await isAKilobyte("public.large");
});

test("so is one of which Postgres has no estimate: its first rows are looked at", async () => {
  await server.query("UPDATE pg_class SET reltuples = -1 WHERE oid = 'large'::regclass");
  await server.query("SELECT pg_stat_reset_single_table_counters('large'::regclass)");
  await isAKilobyte("public.large");
  expect(await ways("public.large")).toEqual(["incremental", "blocking"]);
});

test("a partitioned table counts as its leaves, also once it was analyzed as a whole", async () => {
  await server.query("CREATE TABLE parted (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)");
  await server.query(`ALTER TABLE parted ATTACH PARTITION large FOR VALUES FROM (0) TO (${ROWS + 1})`);
  await isAKilobyte("public.parted");
  await server.query("ANALYZE parted");
  await isAKilobyte("public.parted");
  expect(await ways("public.parted")).toEqual(["incremental", "blocking"]);
});
