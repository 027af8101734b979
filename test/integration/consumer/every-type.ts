import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import type { JsonRow } from "../../../consumer/api";
import type { Rig } from "./rig";
import { printedRow, TYPES_PAGE, typesPage } from "./types-page";

const TABLE = "public.every_type";
const CHUNKS = "public.chunks";
/** Types whose values arrive in another form than Postgres prints; types.ts has more values of these types. */
const FORMS: { [type: string]: (text: string) => unknown } = {
  bool: (text) => text.startsWith("t"),
  int2: Number,
  int4: Number,
  int8: Number,
  oid: Number,
  float4: Number,
  float8: Number,
  bytea: (text) => Buffer.from(text.slice(2), "hex").toString("base64"),
  money: (text) => text.replace("$", ""),
  date: (text) => `${text}Z`,
  time: (text) => `${text}Z`,
  timestamp: (text) => `${text.replace(" ", "T")}.000000Z`,
  timestamptz: (text) => `${text.replace(" ", "T").replace("+00", "")}.000000Z`,
  interval: () => "P1Y2M3DT4H5M6S",
  "public.hstore": (text) => (text === HSTORE ? '{"a":"1","b":null}' : `{${text.replace("=>", ":")}}`),
  "public.colours": () => ["red", 'it\'s "green"'],
  "public.more_colours": () => ["red", "red"],
};
const HSTORE = '"a"=>"1", "b"=>NULL';
const POINT = expect.objectContaining({ x: 1, y: 2 });

export function everyType(rig: Rig): void {
  test("each type of pg_type, and its array, arrives with its value in snapshot, update and delete", async () => {
    const { database } = rig;
    const row = await heldRow(rig, TABLE);
    // A type without a value is missing in database/every-type.sql.
    expect(Object.keys(row).filter((name) => row[name] === null)).toEqual([]);
    const printed = await printedRow(database, TABLE);

    await database.query(`update ${TABLE} set id = 1`);
    await database.query(`delete from ${TABLE}`);
    const changes = await rig.until(TABLE, ({ length }) => length === 3);
    expect(changes.map(({ op, before, after }) => [op, before, after])).toEqual([
      ["snapshot", null, row],
      ["update", row, row],
      ["delete", row, null],
    ]);
    const page = typesPage(printed, changes[0]!.after!);
    if (process.env["UPDATE_GOLDEN"]) writeFileSync(TYPES_PAGE, page);
    // A review should see each difference: `UPDATE_GOLDEN=1 npm test` writes the page again.
    expect(page).toBe(readFileSync(TYPES_PAGE, "utf8"));
  }, 60_000);

  test("a snapshot beside the stream goes from chunk to chunk by keys of such types", async () => {
    await rig.database.query(
      "insert into chunks select timestamp '2026-01-01' + n * interval '1 second', 'sad', '2026-02-03' from generate_series(1, 2100) n",
    );
    await rig.handled(CHUNKS, 2100);
    await rig.database.query("insert into debezium.signals values ('chunks', 'execute-snapshot', $1)", [
      JSON.stringify({ type: "incremental", "data-collections": [CHUNKS] }),
    ]);
    await rig.handled(CHUNKS, 4200);
    const last = await rig.until(
      CHUNKS,
      (changes) => changes.at(-1)?.after?.["moment"] === "2026-01-01T00:35:00.000000Z",
    );
    expect(new Set(last.map(({ op }) => op))).toEqual(new Set(["snapshot"]));
    expect(last.at(-1)!.key).toEqual({ feeling: "sad", moment: "2026-01-01T00:35:00.000000Z", day: "2026-02-03Z" });
  }, 60_000);
}

/** The only row of such a table, in the forms in which its values should arrive. */
export async function heldRow({ database }: Rig, table: string): Promise<JsonRow> {
  await database.query("set timezone to 'UTC'");
  // Columns have the names of their types. An array's begins with an underscore.
  const { rows: columns } = await database.query<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 1 order by attnum",
    [table],
  );
  const texts = columns.map(({ name }) =>
    name.startsWith("_") ? `to_json("${name}"::text[])::text as "${name}"` : `"${name}"::text`,
  );
  const { rows } = await database.query<{ [name: string]: string | null }>(`select ${texts.join()} from ${table}`);
  const values = Object.entries(rows[0]!).map(([name, text]) => [name, text === null ? null : form(name, text)]);
  return { id: 1, ...(Object.fromEntries(values) as JsonRow) };
}

function form(name: string, text: string): unknown {
  if (name === "point") return POINT;
  if (!name.startsWith("_")) return (FORMS[name] ?? String)(text);
  const elements = JSON.parse(text) as (string | null)[];
  return elements.map((element) => element && (FORMS[name.slice(1)] ?? String)(element));
}
