import { expect, test } from "@jest/globals";
import { envelopeOf } from "../../../commands/verify/values/record-envelope";
import { canonOfJson, canonOfText, type ColumnType } from "../../../commands/verify/values/forms";
import { comparable } from "../../../commands/verify/published";
import { parserFor } from "../../../commands/verify/values/record-json";
import type { Column, TableShape } from "../../../commands/verify/compared-table";
import { envelope, text } from "../../consumer/records";

const COLUMNS: Column[] = [
  { name: "id", type: { name: "int4" }, stock: "same" },
  { name: "at", type: { name: "timestamptz" }, stock: "same" },
  { name: "days", type: { name: "_timestamp", element: { name: "timestamp" }, delimiter: "," }, stock: "same" },
  { name: "size", type: { name: "text" }, stock: "base64" },
  { name: "opens", type: { name: "timetz" }, stock: "other" },
  { name: "flags", type: { name: "varbit" }, stock: "lost" },
];
const SHAPE: TableShape = {
  ...{ name: "public.t", sql: "public.t", columns: COLUMNS, madeBy: 1, alteredBy: new Set(), estimate: 0 },
};
const PUBLISHED = { "value.converter": "org.apache.kafka.connect.json.JsonConverter" };

test("with this project's classes all is compared, but for what the config leaves out", () => {
  expect(comparable(SHAPE, { "value.converter": "cdc.StreamingJsonConverter" })).toEqual({ shape: SHAPE, notes: [] });
  const { shape, notes } = comparable(SHAPE, { "column.exclude.list": String.raw`public\.t\.(flags|size)` });
  expect(shape.columns.map(({ name }) => name)).toEqual(["id", "at", "days", "opens"]);
  expect(notes).toEqual(["Not compared, as column.exclude.list leaves them out: size, flags."]);
});

test("of Debezium as it is published what has a form of its own is not compared, and is named", () => {
  const { shape, notes } = comparable(SHAPE, { ...PUBLISHED, "column.exclude.list": "public.t.flags" });
  expect(shape.columns.map(({ name }) => name)).toEqual(["id", "at", "days", "size"]);
  expect(notes).toEqual([
    "Not compared, as column.exclude.list leaves them out: flags.",
    "Not compared, as Debezium has forms of its own for them: opens.",
  ]);
});

test("base64, and moments with fewer decimals, are the values that they tell", () => {
  const types = Object.fromEntries(comparable(SHAPE, PUBLISHED).shape.columns.map(({ name, type }) => [name, type]));
  const same = (name: string, printed: string, json: unknown): void =>
    expect(canonOfJson(types[name] as ColumnType, json)).toEqual(canonOfText(types[name] as ColumnType, printed));
  same("at", "2026-01-01 00:00:00+00", "2026-01-01T00:00:00Z");
  same("at", "2026-01-01 00:00:00.1+00", "2026-01-01T00:00:00.1Z");
  same("at", "infinity", "infinity");
  same("days", '{"2026-01-01 00:00:00",NULL}', ["2026-01-01T00:00:00Z", null]);
  same("size", "(1,2)", Buffer.from("(1,2)").toString("base64"));
  expect(canonOfJson({ name: "timestamp" }, "2026-01-01T00:00:00Z")).not.toEqual(
    canonOfText({ name: "timestamp" }, "2026-01-01 00:00:00"),
  );
});

test("what the log does not tell is known by Debezium's mark, where it is Debezium that writes it", () => {
  const after = { id: 1, size: "__debezium_unavailable_value" };
  const parse = parserFor(COLUMNS);
  const untold = (over: object): string[] =>
    envelopeOf(Buffer.from(text(envelope("u", null, after, over as never))), "public.t", parse).unchanged;
  expect(untold({ commit_lsn: undefined, event_serial_no: undefined })).toEqual(["size"]);
  expect(untold({})).toEqual([]);
});
