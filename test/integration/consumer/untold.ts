import { beforeAll, expect, test } from "@jest/globals";
import type { ChangeJson } from "../../../consumer/api";
import { heldRow } from "./every-type";
import type { Rig } from "./rig";

const LARGE = "public.large";
/** Types whose values Postgres never stores outside of the row. */
const SHORT = ["cidr", "inet", "bit", "int4range", "tsrange", "tstzrange", "daterange", "int8range"];
const MARK = "__debezium_unavailable_value";
const UUID = "6ecd8c99-4036-403d-bf84-cf8400f67836";

/** Checks rows of tables with another REPLICA IDENTITY than FULL, of which the log lacks columns. */
export function untold(rig: Rig): void {
  beforeAll(async () => {
    for (const table of ["large", "keyed", "parts", "parts_2026", "parts_2027"]) {
      await rig.database.query(`alter table ${table} replica identity default`);
    }
    await rig.database.query("alter table indexed replica identity using index indexed_area_code_key");
  });

  test("a large value of any type that an update did not touch is left out, and named", async () => {
    const { database } = rig;
    const row = await heldRow(rig, LARGE);
    const { rows } = await database.query<{ name: string; external: boolean }>(
      `select attname as name, (xpath('/row/external/text()', query_to_xml(format(
         'select pg_column_toast_chunk_id(%I) is not null as external from ${LARGE}', attname), false, true, '')))[1]::text::bool as external
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and attstorage <> 'p' order by attnum`,
      [LARGE],
    );
    expect(rows.filter(({ external }) => !external).map(({ name }) => name)).toEqual(SHORT);
    const unchanged = rows.filter(({ external }) => external).map(({ name }) => name);
    const told = Object.fromEntries(Object.entries(row).filter(([name]) => !unchanged.includes(name)));

    await database.query("update large set id = 1");
    await database.query("update large set id = 2");
    await database.query("alter table large replica identity full");
    await database.query("update large set id = 2");
    const changes = await rig.until(LARGE, ({ length }) => length === 5);
    expect(changes.slice(1).map(rowsOf)).toEqual([
      ["update", null, told, unchanged],
      ["delete", { id: 1 }, null, undefined],
      ["create", null, { ...told, id: 2 }, unchanged],
      ["update", { ...row, id: 2 }, { ...row, id: 2 }, undefined],
    ]);
  }, 60_000);

  test("NULL of any type stays NULL where the column takes none any more by the time that the log is read", async () => {
    const { database } = rig;
    const row = await heldRow(rig, LARGE);
    const columns = Object.keys(row).filter((name) => name !== "id");
    const all = (sql: (column: string) => string): string => columns.map((name) => sql(`"${name}"`)).join();
    await database.query("create temp table held as table large");
    // As in a migration that fills a column.
    await database.query(`begin;
      update large set ${all((name) => `${name} = null`)};
      update large set ${all((name) => `${name} = held.${name}`)} from held;
      alter table large ${all((name) => `alter ${name} set not null`)};
      commit`);
    await database.query(`alter table large ${all((name) => `alter ${name} drop not null`)}; drop table held`);
    const none = Object.fromEntries(columns.map((name) => [name, null]));
    const changes = await rig.until(LARGE, ({ length }) => length === 7);
    expect(changes.slice(5).map(rowsOf)).toEqual([
      ["update", { ...row, id: 2 }, { ...none, id: 2 }, undefined],
      ["update", { ...none, id: 2 }, { ...row, id: 2 }, undefined],
    ]);
  }, 60_000);

  // As when the connector did not run meanwhile: Debezium asks the catalogue, which has the last of these states.
  test("each change has the columns and types that its row had, whatever has become of the table by the time that the log is read", async () => {
    await rig.database.query(`begin;
      create type light as enum ('red', 'green');
      alter table changing alter c type light using null;
      insert into changing values (1, 1, 'x', 'red');
      alter table changing add d int default 5, add e text not null default 'e';
      update changing set a = 2;
      alter table changing alter a type text, alter d type numeric(5, 1);
      update changing set b = null;
      alter table changing rename b to f;
      update changing set f = 'y';
      alter table changing rename a to b;
      alter table changing rename f to a;
      alter table changing drop c, drop d;
      drop type light;
      alter table changing add c int;
      update changing set c = 7;
      alter table changing replica identity default;
      update changing set c = 8;
      alter table changing replica identity full, drop constraint changing_pkey;
      insert into changing values (3, 'z', 'w');
      alter table changing add primary key (id);
      truncate changing;
      insert into changing values (4, 'u', 'v');
      alter table changing alter a set not null, drop b, add b text not null default 'later';
      delete from changing;
      commit`);
    const rows: Record<string, unknown>[] = [
      { id: 1, a: 1, b: "x", c: "red" },
      { id: 1, a: 1, b: "x", c: "red", d: 5, e: "e" },
      { id: 1, a: 2, b: "x", c: "red", d: 5, e: "e" },
      { id: 1, a: "2", b: "x", c: "red", d: "5.0", e: "e" },
      { id: 1, a: "2", b: null, c: "red", d: "5.0", e: "e" },
      { id: 1, a: "2", f: null, c: "red", d: "5.0", e: "e" },
      { id: 1, a: "2", f: "y", c: "red", d: "5.0", e: "e" },
      { id: 1, b: "2", a: "y", e: "e", c: null },
      { id: 1, b: "2", a: "y", e: "e", c: 7 },
      { id: 1, b: "2", a: "y", e: "e", c: 8 },
      { id: 3, b: "z", a: "w", e: "e", c: null },
      { id: 4, b: "u", a: "v", e: "e", c: null },
      { id: 4, a: "v", e: "e", c: null, b: "later" },
    ];
    const changes = await rig.until("public.changing", ({ length }) => length === 10);
    expect(changes.map(rowsOf)).toEqual([
      ["create", null, rows[0], undefined],
      ["update", rows[1], rows[2], undefined],
      ["update", rows[3], rows[4], undefined],
      ["update", rows[5], rows[6], undefined],
      ["update", rows[7], rows[8], undefined],
      ["update", null, rows[9], undefined],
      ["create", null, rows[10], undefined],
      ["truncate", null, null, undefined],
      ["create", null, rows[11], undefined],
      ["delete", rows[12], null, undefined],
    ]);
  }, 60_000);

  test("of a row before that is the key alone the key arrives, and nothing is invented", async () => {
    const { database } = rig;
    await database.query(
      `insert into keyed values (1, 1, 1.5, '2026-01-01', '2026-01-01', true, '${UUID}', 'a', '{x}', '\\x00', '{}', '${MARK}')
       on conflict (id, kind) do update set qty = 1, price = 1.5, reference = excluded.reference, bytes = excluded.bytes, note = excluded.note`,
    );
    await database.query("update keyed set kind = 'b', note = null");
    await database.query("delete from keyed");
    const row = {
      ...{ qty: 1, id: 1, price: "1.5", at: "2026-01-01T00:00:00.000000Z", day: "2026-01-01Z", yes: true },
      ...{ reference: UUID, kind: "a", tags: ["x"], bytes: "AA==", document: "{}", note: MARK },
    };
    const changes = await rig.until("public.keyed", (all) => all.at(-1)?.op === "delete" && all.length === 5);
    expect(changes.slice(1).map(rowsOf)).toEqual([
      ["update", null, row, undefined],
      ["delete", { id: 1, kind: "a" }, null, undefined],
      ["create", null, { ...row, kind: "b", note: null }, undefined],
      ["delete", { id: 1, kind: "b" }, null, undefined],
    ]);
    expect(changes.slice(2).map(({ key }) => key)).toEqual([
      { id: 1, kind: "a" },
      { id: 1, kind: "b" },
      { id: 1, kind: "b" },
    ]);
  }, 60_000);

  test("the key may be that of an index", async () => {
    const { database } = rig;
    await database.query("insert into indexed values (1, 'a', 7)");
    await database.query("update indexed set qty = 2");
    await database.query("update indexed set code = 'b'");
    await database.query("delete from indexed");
    const changes = await rig.until("public.indexed", ({ length }) => length === 5);
    expect(changes.map(rowsOf)).toEqual([
      ["create", null, { qty: 1, code: "a", area: 7 }, undefined],
      ["update", null, { qty: 2, code: "a", area: 7 }, undefined],
      ["delete", { code: "a", area: 7 }, null, undefined],
      ["create", null, { qty: 2, code: "b", area: 7 }, undefined],
      ["delete", { code: "b", area: 7 }, null, undefined],
    ]);
    expect(changes[4]!.key).toEqual({ area: 7, code: "b" });
  }, 60_000);

  test("the key may be that of a partition", async () => {
    const { database } = rig;
    await database.query("insert into parts values (1, '2026-01-01', 5), (2, '2027-01-01', 6)");
    await database.query("update parts set qty = qty + 1");
    await database.query("update parts set id = 3 where id = 2");
    await database.query("delete from parts");
    const changes = await rig.until("public.parts", ({ length }) => length === 8);
    const row = (id: number, year: number, qty: number) => ({ id, at: `${year}-01-01Z`, qty });
    expect(changes.map(rowsOf)).toEqual([
      ["create", null, row(1, 2026, 5), undefined],
      ["create", null, row(2, 2027, 6), undefined],
      ["update", null, row(1, 2026, 6), undefined],
      ["update", null, row(2, 2027, 7), undefined],
      ["delete", { id: 2, at: "2027-01-01Z" }, null, undefined],
      ["create", null, row(3, 2027, 7), undefined],
      ["delete", { id: 1, at: "2026-01-01Z" }, null, undefined],
      ["delete", { id: 3, at: "2027-01-01Z" }, null, undefined],
    ]);
  }, 60_000);
}

function rowsOf({ op, before, after, unchanged }: ChangeJson): unknown[] {
  return [op, before, after, unchanged];
}
