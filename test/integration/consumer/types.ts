import { expect, test } from "@jest/globals";
import type { ChangeJson, JsonValue } from "../../../consumer/api";
import type { Rig } from "./rig";

const TABLE = "public.types";

/** Converts what Postgres prints (in UTC) to what arrives, as docs/consumer.md says ("Values"). Null is null. */
const FORMS: { [column: string]: (text: string) => unknown } = {
  ...each("id small big", integer),
  ...each("exact any_exact short padded long document source markup feeling identity bits zoned", asPrinted),
  ...each("address network hardware range period search", asPrinted),
  ...each("single double", (text) => (Number.isFinite(Number(text)) ? Number(text) : text)),
  price: (text) => text.replace(/[$,]/g, ""),
  yes: (text) => text === "t",
  moment: isoMoment,
  local: isoMoment,
  day: isoDay,
  clock: (text) => `${text}Z`,
  span: asPrinted,
  bytes: (text) => Buffer.from(text.slice(2), "hex").toString("base64"),
  whole: arrayOf(integer),
  large: arrayOf(integer),
  ...each("words exacts feelings", arrayOf(asPrinted)),
  moments: arrayOf(isoMoment),
  days: arrayOf(isoDay),
  place: (text) =>
    expect.objectContaining({ x: Number(/\((.*),/.exec(text)?.[1]), y: Number(/,(.*)\)/.exec(text)?.[1]) }),
};
const ARRAYS = ["whole", "large", "words", "exacts", "moments", "days", "feelings"];

/** Two values of each column, in SQL. */
const VALUES: { [column: string]: [string, string] } = {
  small: ["-32768", "1"],
  big: ["9223372036854775807", "9007199254740991"],
  exact: ["12345678901234567890.0123456789", "-1"],
  any_exact: ["repeat('9', 1000)::numeric", "1.50"],
  single: ["3.4e38", "'NaN'"],
  double: ["0.1234567890123456", "'-Infinity'"],
  price: ["'-92233720368547758.08'", "12.5"],
  yes: ["true", "false"],
  moment: ["'2026-01-01 00:00:00.123456+02'", "'infinity'"],
  local: ["'2026-01-01 00:00:00.123456'", "'1500-02-28 00:00:00'"],
  day: ["'2026-02-03'", "'1500-02-28'"],
  clock: ["'23:59:59.999999'", "'00:00:00'"],
  zoned: ["'23:59:59.999999+00'", "'12:00:00+00'"],
  span: ["'1 year 2 days 03:04:05.6'", "'-1 mon -3 days +02:00'"],
  short: ["'a''b'", "''"],
  padded: ["'ab'", "'abcde'"],
  bytes: ["'\\x00ff10'", "''"],
  bits: ["B'10101'", "B'00001'"],
  document: [`'{"a":[1,9007199254740993,1.10],"b":null}'`, "'null'"],
  source: [`'{"x" :  1}'`, "'9007199254740993'"],
  markup: ["'<a>b</a>'", "'<a/>'"],
  feeling: ["'sad'", `'it''s "ok", 😀'`],
  identity: ["'6ecd8c99-4036-403d-bf84-cf8400f67836'", "'00000000-0000-0000-0000-000000000000'"],
  address: ["'192.168.0.1/24'", "'::1'"],
  network: ["'10.0.0.0/8'", "'2001:db8::/32'"],
  hardware: ["'08:00:2b:01:02:03'", "'00:00:00:00:00:00'"],
  whole: ["'{1,NULL,3}'", "'{}'"],
  large: ["'{9007199254740993,1}'", "'{NULL}'"],
  words: [`'{"a b",NULL,"","😀","NULL"}'`, "'{}'"],
  exacts: ["'{1.10,1e20}'", "'{}'"],
  moments: [`'{"2026-01-01 00:00:00+02"}'`, "'{}'"],
  days: ["'{2026-01-01}'", "'{}'"],
  feelings: ["'{sad}'", "'{}'"],
  place: ["'(1.5,2)'", "'(0,-1)'"],
  range: ["'[1,5)'", "'empty'"],
  period: ["'[2026-01-01 00:00+00,)'", "'empty'"],
  search: ["'a:1 b:2'", "''"],
};
const COLUMNS = Object.keys(VALUES);
/** A megabyte that does not compress to nothing: Postgres keeps it outside of the row. */
const MEGABYTE = "(select string_agg(md5(n::text) || '😀', '') from generate_series(1, 30000) n)";

/** Values that arrive in another form than one would expect. */
const PITFALLS: [column: string, sql: string, arrives: JsonValue][] = [
  ["any_exact", "'NaN'", "NAN"],
  ["any_exact", "'-Infinity'", "NEGATIVE_INFINITY"],
  ["day", "'0044-03-15 BC'", "-0043-03-15Z"],
  ["moment", "'0044-03-15 12:00:00+00 BC'", "-0043-03-15T12:00:00.000000Z"],
  ["day", "'99999-12-31'", "+99999-12-31Z"],
  ["day", "'infinity'", "infinity"],
  ["local", "'-infinity'", "-infinity"],
  ["local", "'0044-03-15 12:00:00 BC'", "-0043-03-15T12:00:00.000000Z"],
  ["span", "'infinity'", "infinity"],
  ["span", "'-1 year 25:00:00.5'", "P-1Y0M0DT25H0M0.5S"],
  ["clock", "'24:00:00'", "24:00:00Z"],
  ["zoned", "'24:00:00+02'", "24:00:00+02"],
  ["exacts", "'{NaN,-Infinity}'", ["NAN", "NEGATIVE_INFINITY"]],
  ["feelings", "'{sad,NULL}'", ["sad", null]],
  [
    "whole",
    "'{{1,2},{3,NULL}}'",
    [
      [1, 2],
      [3, null],
    ],
  ],
  ["whole", "'[2:3]={1,2}'", "[2:3]={1,2}"],
  [
    "words",
    `'{{"a,b","{}"},{NULL,"NULL"}}'`,
    [
      ["a,b", "{}"],
      [null, "NULL"],
    ],
  ],
  ["days", "'{infinity,2026-01-01}'", ["infinity", "2026-01-01Z"]],
];

export function types(rig: Rig): void {
  test("every type arrives as what the database holds, through insert, update and delete", async () => {
    const { database } = rig;
    await database.query("set timezone to 'UTC'");
    await insertAllTypes(rig);
    const before = await held(rig, [1, 2, 3]);
    await database.query(`update types set (${COLUMNS.join()}) = (${list(1)}) where id = 1`);
    await database.query(`update types set (${COLUMNS.join()}) = (${nulls()}) where id = 2`);
    await database.query(`update types set (long, ${COLUMNS.join()}) = (${MEGABYTE}, ${list(0)}) where id = 3`);
    const after = await held(rig, [1, 2, 3]);
    await database.query("delete from types");

    const changes = await rig.until(TABLE, ({ length }) => length === 9);
    expect(before[0]!["long"]).toHaveLength(30_000 * 34);
    expect(changes.map(rows)).toEqual([
      ...before.map((row) => ["create", null, row]),
      ...before.map((row, i) => ["update", row, after[i]]),
      ...after.map((row) => ["delete", row, null]),
    ]);
    expect(changes.slice(3, 6).map(({ changed }) => [...changed].sort())).toEqual([
      [...COLUMNS].sort(),
      [...COLUMNS].sort(),
      [...COLUMNS, "long"].sort(),
    ]);
  }, 60_000);

  test("NULL arrives as NULL where the column has a default, through insert, update and delete", async () => {
    const { database } = rig;
    const empty = { id: 1, word: null, number: 7, yes: null };
    const filled = { id: 1, word: "said", number: 7, yes: true };
    await database.query("insert into defaults values (1, null, 7, null)");
    await database.query("update defaults set word = default, yes = default");
    await database.query("update defaults set word = null, yes = null");
    await database.query("delete from defaults");
    const changes = await rig.until("public.defaults", ({ length }) => length === 4);
    expect(changes.map(rows)).toEqual([
      ["create", null, empty],
      ["update", empty, filled],
      ["update", filled, empty],
      ["delete", empty, null],
    ]);
    expect(changes.map(({ changed }) => changed)).toEqual([[], ["word", "yes"], ["word", "yes"], []]);
  }, 60_000);

  test("what arrives other than one would think is what the documentation says", async () => {
    for (const [i, [column, sql]] of PITFALLS.entries()) {
      await rig.database.query(`insert into types (id, ${column}) values (${100 + i}, ${sql})`);
    }
    const changes = await rig.until(TABLE, (all) => all.at(-1)?.after?.["id"] === 99 + PITFALLS.length);
    const arrived = changes.slice(-PITFALLS.length).map(({ after }, i) => after?.[PITFALLS[i]![0]]);
    expect(PITFALLS.map(([column, sql], i) => [column, sql, arrived[i]])).toEqual(PITFALLS);
  }, 60_000);
}

/** Inserts rows 1, 2 and 3: every column with its first value, with its second, and null. */
export async function insertAllTypes({ database }: Rig): Promise<void> {
  await database.query(
    `insert into types (id, long, ${COLUMNS.join()}) values (1, ${MEGABYTE}, ${list(0)}), (2, '', ${list(1)}), (3, null, ${nulls()})`,
  );
}

function list(at: 0 | 1): string {
  return COLUMNS.map((column) => VALUES[column]![at]).join();
}

function nulls(): string {
  return COLUMNS.map(() => "null").join();
}

function rows({ op, before, after }: ChangeJson): unknown[] {
  return [op, before, after];
}

/** The database's rows, in the forms in which they should arrive. */
async function held({ database }: Rig, ids: number[]): Promise<{ [column: string]: unknown }[]> {
  const arrays = ARRAYS.map((column) => `to_json(${column}::text[]) as ${column}`);
  const seconds = "trim_scale(extract(second from span))";
  const parts = ["year", "month", "day", "hour", "minute"].map((part) => `extract(${part} from span)`);
  const span = `'P' || format('%sY%sM%sDT%sH%sM', ${parts.join()}) || ${seconds} || 'S' as span`;
  const { rows: found } = await database.query<{ [column: string]: string | null }>({
    text: `select *, ${arrays.join()}, ${span} from types where id = any($1) order by id`,
    values: [ids],
    types: { getTypeParser: () => (text: string) => text },
  });
  return found.map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, text]) => [column, text && FORMS[column]!(text)])),
  );
}

function each(columns: string, form: (text: string) => unknown): typeof FORMS {
  return Object.fromEntries(columns.split(" ").map((column) => [column, form]));
}

function asPrinted(text: string): string {
  return text;
}

function integer(text: string): number | string {
  return Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

function isoMoment(text: string): string {
  const [whole, fraction = ""] = text.replace(" ", "T").replace("+00", "").split(".") as [string, string?];
  return text === "infinity" ? text : `${whole}.${fraction.padEnd(6, "0")}Z`;
}

function isoDay(text: string): string {
  return `${text}Z`;
}

function arrayOf(form: (text: string) => unknown): (json: string) => unknown {
  return (json) => (JSON.parse(json) as (string | null)[]).map((text) => text && form(text));
}
