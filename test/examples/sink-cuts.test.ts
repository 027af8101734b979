import { expect, test } from "@jest/globals";
import type { Value } from "../../consumer/change/row";
import { isCut } from "../../examples/sink/cuts";

/** Forms of values as changes have them, docs/consumer.md, "Values". */
const LOST: [type: string, value: Value][] = [
  ["float4", 0.12345678901],
  ["float4", 0.123456789],
  ["float4", 16777217],
  ["float4", "1.23456789012"],
  ["float8", "0.12345678901234567890"],
  ["float8", 9007199254740993n],
  ["money", "1.239"],
  ["date", "2026-01-01T00:00:00.000001Z"],
  ["time", "2026-01-01T00:00:00.000000Z"],
  ["time", "23:59:59.999999+02"],
  ["time", "23:59:59+05:30"],
  ["timetz", "2026-01-01T00:00:00.000000Z"],
  ["daterange", '["2026-01-01 10:00:00","2026-01-02 00:00:00")'],
  ["datemultirange", '{["2026-01-01 10:00:00",)}'],
  ["tsrange", '["2026-01-01 10:00:00+00",)'],
  ["tsmultirange", '{["2026-01-01 10:00:00.5-03:30",)}'],
  ["name", "ä".repeat(32)],
  ["char", "ab"],
];
const KEPT: [type: string, value: Value][] = [
  ...[0, -0, 0.1, 0.5, 16777216, -1e-45, 1.4e-45, 3.4028235e38, 0.10000000149011612].map((n): [string, Value] => [
    "float4",
    n,
  ]),
  ["float4", 9223372036854775808n],
  ["float4", "0.10"],
  ["float4", "NaN"],
  ["float8", 0.30000000000000004],
  ["float8", "0.1000"],
  ["float8", "120000"],
  ["float8", "-0.00"],
  ["float8", "-Infinity"],
  ["float8", 9223372036854775808n],
  ["money", "-92233720368547758.08"],
  ["money", "1.2300"],
  ["date", "2026-01-01Z"],
  ["date", "2026-01-01T00:00:00.000000Z"],
  ["date", "-infinity"],
  ["time", "23:59:59.999999Z"],
  ["timetz", "23:59:59.999999+02"],
  ["daterange", "[2026-01-01,2026-01-02)"],
  ["tsrange", '["2026-01-01 10:00:00","2026-01-02 00:00:00")'],
  ["tstzrange", '["2026-01-01 10:00:00+00",)'],
  ["name", "a".repeat(63)],
  ["char", "\\351"],
  ["char", ""],
  ["text", "a".repeat(100)],
  ["float4", null],
];

test.each(LOST)("a column of %s would cut or round %p", (type, value) => {
  expect(isCut(value, type, false)).toBe(true);
  expect(isCut([null, [value]], type, true)).toBe(true);
});

test.each(KEPT)("a column of %s keeps %p", (type, value) => {
  expect(isCut(value, type, false)).toBe(false);
  expect(isCut([null, [value]], type, true)).toBe(false);
});

test("an array as a text is not looked into", () => {
  expect(isCut("[0:0]={1.23456789012}", "float4", true)).toBe(false);
});
