import { describe, expect, test } from "@jest/globals";
import { parse } from "lossless-json";
import { parserFor } from "../../../../commands/verify/values/record-json";
import { canonOfJson, canonOfText, type ColumnType } from "../../../../commands/verify/values/forms";

const array = (name: string): ColumnType => ({ name: `_${name}`, element: { name }, delimiter: "," });

/** The type, the value as Postgres prints it, and the value in the topic. */
test.each<[ColumnType, string, string]>([
  [{ name: "int8" }, "9223372036854775807", "9223372036854775807"],
  [{ name: "float8" }, "1e+100", "1.0E100"],
  [{ name: "float8" }, "-0", "-0.0"],
  [{ name: "float8" }, "NaN", '"NaN"'],
  [{ name: "float4" }, "0.1", "0.1"],
  [{ name: "bool" }, "t", "true"],
  [{ name: "numeric" }, "12345678901234567890.10", '"12345678901234567890.10"'],
  [{ name: "numeric" }, "-Infinity", '"NEGATIVE_INFINITY"'],
  [{ name: "money" }, "-$1,234.50", '"-1234.50"'],
  [{ name: "timestamptz" }, "2026-01-01 00:00:00.12+00", '"2026-01-01T00:00:00.120000Z"'],
  [{ name: "timestamp" }, "0044-03-15 00:00:00 BC", '"-0043-03-15T00:00:00.000000Z"'],
  // Of a column that is timestamptz(3), or was when the record was written.
  [{ name: "timestamptz" }, "2026-01-01 00:00:00.12+00", '"2026-01-01T00:00:00.120Z"'],
  [{ name: "timestamptz" }, "2026-01-01 00:00:00+00", '"2026-01-01T00:00:00Z"'],
  [{ name: "timestamptz" }, "-infinity", '"-infinity"'],
  [{ name: "timestamptz" }, "infinity", '"infinity"'],
  [{ name: "date" }, "10000-01-01", '"+10000-01-01Z"'],
  [{ name: "time" }, "24:00:00", '"24:00:00Z"'],
  [{ name: "interval" }, "1 year 2 mons -3 days -04:05:06.7", '"P1Y2M-3DT-4H-5M-6.7S"'],
  [{ name: "interval" }, "00:00:00", '"P0Y0M0DT0H0M0S"'],
  [{ name: "bytea" }, "\\x00ff10", '"AP8Q"'],
  [{ name: "point" }, "(1.5,2)", '{"x":1.5,"y":2.0,"wkb":"AQ==","srid":null}'],
  [{ name: "hstore" }, '"b"=>NULL, "a"=>"x\\"y"', '"{\\"a\\":\\"x\\\\\\"y\\",\\"b\\":null}"'],
  [{ name: "jsonb" }, '{"a": 1.50}', '"{\\"a\\": 1.50}"'],
  [array("int4"), "{1,NULL,3}", "[1,null,3]"],
  [array("text"), '{"a,b","NULL",NULL,"q\\"\\\\"}', '["a,b","NULL",null,"q\\"\\\\"]'],
  [array("int4"), "{{1,2},{3,4}}", "[[1,2],[3,4]]"],
  [array("int4"), "{}", "[]"],
  [array("int4"), "[0:1]={1,2}", '"[0:1]={1,2}"'],
  [array("point"), '{"(1,2)"}', '["(1,2)"]'],
  [
    { name: "_box", element: { name: "box" }, delimiter: ";" },
    "{(1,1),(0,0);(2,2),(0,0)}",
    '["(1,1),(0,0)","(2,2),(0,0)"]',
  ],
  [{ name: "vector" }, "[1,2.5]", "[1,2.5]"],
])("%j: %s and %s are the same", (type, text, json) => {
  expect(canonOfJson(type, parse(json))).toEqual(canonOfText(type, text));
  // Parses the value inside a record: by itself, a number has nothing before it.
  const { v } = parserFor([{ name: "v", type }])(`{"v":${json}}`) as { v: unknown };
  expect(canonOfJson(type, v)).toEqual(canonOfText(type, text));
});

describe("what is not the same differs", () => {
  test.each<[ColumnType, string | null, string]>([
    [{ name: "text" }, null, '""'],
    [{ name: "text" }, "5", "5"],
    [{ name: "int8" }, "9007199254740993", "9007199254740992"],
    [{ name: "float8" }, "0", "-0.0"],
    [{ name: "timestamptz" }, "2026-01-01 00:00:00.123+00", '"2026-01-01T00:00:00.12Z"'],
    [{ name: "float8" }, "0.30000000000000004", "0.3"],
    [{ name: "numeric" }, "1.10", '"1.1"'],
    [{ name: "bool" }, "f", "true"],
    [{ name: "text" }, "null", "null"],
    [array("text"), '{"NULL"}', "[null]"],
    [{ name: "text" }, "t", "true"],
  ])("%j: %s and %s", (type, text, json) => {
    expect(canonOfJson(type, parse(json))).not.toEqual(canonOfText(type, text));
  });
});

test("digits are kept where a record has more than a double holds, also in a column that is called as Debezium's own times", () => {
  const long = { name: "int8" };
  const record = (column: string) =>
    `{"after":{"${column}":-9007199254740993},"ts_us":1767225600000000,"ts_ns":1767225600000000000}`;
  const told = (column: string, type = long): unknown => {
    const { after } = parserFor([{ name: column, type }])(record(column)) as { after: Record<string, unknown> };
    return canonOfJson(type, after[column]);
  };
  expect(told("n")).toBe("#-9007199254740993");
  expect(told("ts_ns")).toBe("#-9007199254740993");
  const list = parserFor([{ name: "n", type: array("int8") }])("[1, 9007199254740993]");
  expect(canonOfJson(array("int8"), list)).toEqual(["#1", "#9007199254740993"]);
});
