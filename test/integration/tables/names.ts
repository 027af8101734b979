import { afterAll, expect, test } from "@jest/globals";
import { escapeIdentifier, type Client } from "pg";
import { poll } from "../../../components/poll";
import type { ChangeJson } from "../../../consumer/api";
import type { Feed } from "../../support/stack/feed";
import type { TestStack } from "../../support/stack";

/** Names of tables. Each would be misread by a regular expression, a list, a topic's name or a signal. */
const NAMES = [
  ...["weird table!", "Order Details", "Größe", "cash$", "Order", "order", "user", "a,b", "dots.in.it", " edge "],
  ...['quo"te', "it's", "back\\slash", "paren(thesis", "*star", "c|d.e", "100%", "😀", "ß".repeat(31)],
  "spatial_ref_sys",
];
const KEY = escapeIdentifier('Nr. "1"');
const TEXT = escapeIdentifier("Größe, (cm)");
const UP_MS = 300_000;

/** Tables with names of all kinds. They are read by the first snapshot, added to a running connector, and written to. */
export function names(stack: TestStack, client: () => Client, feed: () => Feed): void {
  const sqlName = (schema: string, name: string): string => `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;

  const make = async (schema: string, key = "primary key"): Promise<void> => {
    await client().query(`create schema ${escapeIdentifier(schema)}`);
    for (const name of NAMES) {
      await client().query(`create table ${sqlName(schema, name)} (${KEY} int ${key}, ${TEXT} text)`);
      await client().query(`insert into ${sqlName(schema, name)} values (1, 'there before')`);
    }
  };

  const write = async (schema: string): Promise<void> => {
    for (const name of NAMES) {
      await client().query(`insert into ${sqlName(schema, name)} values (2, 'new')`);
      await client().query(`update ${sqlName(schema, name)} set ${TEXT} = 'changed' where ${KEY} = 2`);
      await client().query(`delete from ${sqlName(schema, name)} where ${KEY} = 2`);
      await client().query(`truncate ${sqlName(schema, name)}`);
    }
  };

  /** The changes of each table of a schema, by the table's name in the database, once each has so many. */
  const arrived = (schema: string, count: number, after = 0): Promise<Record<string, string[]>> =>
    poll<Record<string, string[]>>(
      async () => {
        const { changes } = await feed().changes(after);
        const told = Object.fromEntries(NAMES.map((name) => [name, changesOf(`${schema}.${name}`, changes)]));
        const short = NAMES.filter((name) => told[name]!.length < count);
        return short.length === 0
          ? { done: true, value: told }
          : { done: false, seen: `too few of ${short.join("; ")}` };
      },
      { what: `${count} changes of each table in ${schema}`, deadlineMs: 60_000, intervalMs: 200 },
    );

  const each = (...changes: string[]): Record<string, string[]> =>
    Object.fromEntries(NAMES.map((name) => [name, changes]));

  const writes = ["create 2 new", "update 2 new>changed", "delete 2 changed", "truncate"];

  afterAll(async () => {
    await stack.pulumi("config", "set", "tables", "public.customers");
  });

  test(
    "in the first snapshot, then written to",
    async () => {
      await make("Läden");
      await stack.pulumi("config", "set", "tables", 'public.customers,"Läden".*');
      await stack.pulumi("config", "set", "connectorName", "names");
      await stack.up();
      expect(await arrived("Läden", 1)).toEqual(each("snapshot 1 there before"));
      await write("Läden");
      expect(await arrived("Läden", 5)).toEqual(each("snapshot 1 there before", ...writes));
    },
    UP_MS,
  );

  test(
    "added one by one, with a primary key and without, then written to",
    async () => {
      await make("Added");
      await make("without", "");
      const entries = NAMES.map((name) => sqlName("Added", name));
      await stack.pulumi("config", "set", "tables", ["public.customers", "Läden.*", "without.*", ...entries].join());
      await stack.up();
      for (const schema of ["Added", "without"]) {
        expect(await arrived(schema, 1)).toEqual(each("snapshot 1 there before"));
      }
      for (const schema of ["Läden", "Added", "without"]) await write(schema);
      for (const schema of ["Added", "without"]) {
        expect(await arrived(schema, 5)).toEqual(each("snapshot 1 there before", ...writes));
      }
      // No existing rows are read again.
      expect(await arrived("Läden", 4)).toEqual(each(...writes));
    },
    UP_MS,
  );
}

function changesOf(table: string, changes: ChangeJson[]): string[] {
  const rows = changes.filter((change) => change.table === table);
  return rows.map(({ op, before, after }) => {
    const row = after ?? before;
    if (!row) return op;
    const texts = [before, after].flatMap((each) => (each ? [String(each["Größe, (cm)"])] : []));
    return `${op} ${String(row['Nr. "1"'])} ${texts.join(">")}`;
  });
}
