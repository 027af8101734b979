import { expect, test } from "@jest/globals";
import type { Client } from "pg";
import { poll } from "../../../components/poll";
import { docker, type TestStack } from "../../support/stack";
import { recordsOf, writtenTo } from "../../support/stack/topic";

const UP_MS = 300_000;
/** Number of rows, and bytes in each: enough that a kill comes in the middle. */
const NARROW = { rows: 150_000, bytes: 10 };
/** More than 64 MB, which is the most that is read beside the stream. A row is as wide as it may be before Postgres compresses its text. */
const WIDE = { rows: 40_000, bytes: 1_900 };

/** Tables whose rows are read while a part is killed, or that cannot be read in the usual way. */
export function added(stack: TestStack, client: () => Client, bootstrapServers: () => string): void {
  const topic = (table: string): string => `cdctest.public.${table}`;
  const written = (table: string): Promise<number> => writtenTo(bootstrapServers(), topic(table));
  const inTheMiddle = async (table: string, { rows }: typeof WIDE): Promise<boolean> =>
    (await written(table)) > rows / 10;

  const make = async (table: string, key: string, { rows, bytes }: typeof WIDE): Promise<void> => {
    await client().query(`create table ${table} (id int ${key}, filler text)`);
    await client().query(
      `insert into ${table} select g, rpad(g::text, ${bytes}, 'x') from generate_series(1, ${rows}) g`,
    );
    await stack.pulumi("config", "set", "tables", `public.customers,public.${table}`);
  };

  /** The rows of a table in its topic since it was last emptied, some of them more than once. */
  const told = async (table: string): Promise<number[]> => {
    const records = (await recordsOf(bootstrapServers(), topic(table))).map(
      ({ value }) => JSON.parse(value!) as { op: string; after: { id: number } | null },
    );
    const from = records.findLastIndex(({ op }) => op === "t") + 1;
    return records.slice(from).map(({ after }) => after!.id);
  };
  /**
   * Waits for all rows. Debezium's notification that a table is read is in another topic than the last rows, and the two topics have no common order.
   */
  const arrived = (table: string, { rows }: typeof WIDE): Promise<number> =>
    poll<number>(
      async () => {
        const { size } = new Set(await told(table));
        return size >= rows ? { done: true, value: size } : { done: false, seen: `${size} rows` };
      },
      { what: `${rows} rows in ${topic(table)}`, deadlineMs: 30_000 },
    );

  const signals = async (): Promise<number> =>
    Number((await client().query("select count(*) from debezium.signals")).rows[0].count);

  test.each([
    ["while the stream waits", "calm", "", NARROW],
    ["beside the stream", "busy", "primary key", WIDE],
  ])(
    "an up that is killed while a table is read %s: the next one ends with all of its rows, and no signals are left",
    async (_way, table, key, size) => {
      await make(table, key, size);
      await stack.killed("up", () => inTheMiddle(table, size));
      await stack.pulumi("cancel", "--yes");
      expect(await stack.up()).toContain(`Existing rows read: public.${table} (${size.rows}).`);
      expect(await arrived(table, size)).toBe(size.rows);
      expect(await signals()).toBe(0);
    },
    UP_MS,
  );

  test.each([
    ["while the stream waits", "mild", "", NARROW],
    ["beside the stream", "wild", "primary key", WIDE],
  ])(
    "Connect is killed while a table is read %s: the same up ends with all of its rows",
    async (_way, table, key, size) => {
      await make(table, key, size);
      const up = stack.up();
      up.catch(() => undefined);
      await poll<void>(
        async () =>
          (await inTheMiddle(table, size)) ? { done: true, value: undefined } : { done: false, seen: "too few" },
        { what: `rows of ${table}`, deadlineMs: 120_000, intervalMs: 20 },
      );
      await docker("kill", "--signal", "KILL", `${stack.prefix}-connect`);
      await docker("start", `${stack.prefix}-connect`);
      expect(await up).toContain(`Existing rows read: public.${table}`);
      expect(await arrived(table, size)).toBe(size.rows);
      expect(await signals()).toBe(0);
    },
    UP_MS,
  );

  test(
    "renamed while it is read: up fails with the reason, preview names the table, and the next up reads it",
    async () => {
      await make("moved", "primary key", WIDE);
      const up = stack.up().then(
        () => "read",
        (error: Error) => error.message,
      );
      await poll<void>(
        async () =>
          (await inTheMiddle("moved", WIDE)) ? { done: true, value: undefined } : { done: false, seen: "too few" },
        { what: "rows of moved", deadlineMs: 120_000, intervalMs: 20 },
      );
      await client().query("alter table moved rename to moved_away");
      expect(await up).toContain(
        "existing rows of public.moved are not read; the next `pulumi up` tries again. " +
          'public.moved: relation "public.moved" does not exist.',
      );
      await client().query("alter table moved_away rename to moved");
      expect(await stack.pulumi("preview")).toContain("existing rows of public.moved are not read; an up reads them.");
      expect(await stack.up()).toContain(`Existing rows read: public.moved (${WIDE.rows}).`);
      expect(await arrived("moved", WIDE)).toBe(WIDE.rows);
    },
    UP_MS,
  );

  test(
    "with a key that Debezium cannot compare: read all the same, while the stream waits",
    async () => {
      await client().query("create type mood as enum ('glad', 'sad')");
      await client().query("create table moods (mood mood, id int, filler text, primary key (mood, id))");
      await client().query(
        `insert into moods select 'sad', g, rpad(g::text, ${WIDE.bytes}, 'x') from generate_series(1, ${WIDE.rows}) g`,
      );
      await stack.pulumi("config", "set", "tables", "public.customers,public.moods");
      expect(await stack.up()).toContain(`Existing rows read: public.moods (${WIDE.rows}).`);
      expect(await arrived("moods", WIDE)).toBe(WIDE.rows);
    },
    UP_MS,
  );

  test(
    "thirty at once, every other one without rows: one snapshot reads those that have some, and the others' next rows come by the stream",
    async () => {
      const names = Array.from({ length: 30 }, (_, at) => `many.t_${at + 10}`);
      await client().query(`create schema many; ${names.map((name) => `create table ${name} (id int)`).join("; ")}`);
      const filled = names.filter((_, at) => at % 2 === 1);
      for (const name of filled) await client().query(`insert into ${name} values (1), (2)`);
      await stack.pulumi("config", "set", "tables", "public.customers,many.*");
      const since = new Date().toISOString();
      const said = filled.map((name) => `${name} (2)`).join(", ");
      expect(await stack.up()).toContain(`Existing rows read: ${said}.`);
      const log = await docker("logs", "--since", since, `${stack.prefix}-connect`);
      expect(log.match(/Requested 'BLOCKING' snapshot/g)).toHaveLength(1);
      for (const name of names) await client().query(`insert into ${name} values (3)`);
      for (const [at, name] of names.entries()) {
        const wanted = at % 2 === 1 ? 3 : 1;
        await poll<void>(
          async () => {
            const count = await writtenTo(bootstrapServers(), `cdctest.${name}`);
            return count === wanted ? { done: true, value: undefined } : { done: false, seen: `${count} records` };
          },
          { what: `${wanted} records of ${name}`, deadlineMs: 30_000, intervalMs: 50 },
        );
      }
      expect(await signals()).toBe(0);
    },
    UP_MS,
  );
}
