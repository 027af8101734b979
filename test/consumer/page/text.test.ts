import { expect, test } from "@jest/globals";
import type { ChangeJson } from "../../../consumer/api";
import { fromQuery, toQuery } from "../../../consumer/page/changes/filter-form";
import { type ShownValue, UNCHANGED, allCells, cells, cut, duration, preview } from "../../../consumer/page/text";

const base: ChangeJson = {
  ...{ id: 1, op: "create", table: "public.customers", key: { id: 1 }, before: null, after: null, changed: [] },
  ...{ eventId: null, lagMs: 1, committedAt: null, position: null, topic: "t", partition: 0, offset: "0" },
};

test.each<[ShownValue, object]>([
  [null, { text: "null", kind: "null" }],
  ["", { text: "empty", kind: "empty" }],
  [undefined, { text: "not known", kind: "untold" }],
  [UNCHANGED, { text: "unchanged", kind: "untold" }],
  ["__debezium_unavailable_value", { text: "__debezium_unavailab…", kind: "text", of: 28 }],
  [0, { text: "0", kind: "number" }],
  [false, { text: "false", kind: "number" }],
  ["a\nb\tc\u0000\u001b[31m\u009b", { text: "a⏎b⇥c␀␛[31m�", kind: "text" }],
  [{ a: [1] }, { text: '{"a":[1]}', kind: "text" }],
  ["x".repeat(30), { text: `${"x".repeat(20)}…`, kind: "text", of: 30 }],
])("the value %j is shown as %j", (value, shown) => {
  expect(preview(value, 20)).toEqual(shown);
});

test("a text is never cut within an emoji, and its pieces make it whole", () => {
  const text = "🙂".repeat(10);
  expect(cut(text, 5)).toBe("🙂🙂");
  let pieces = "";
  while (pieces.length < text.length) pieces += cut(text, 5, pieces.length);
  expect(pieces).toBe(text);
});

test("an update shows what changed; without the row before, all but the key", () => {
  const after = { id: 1, name: "b", email: "x" };
  const update = { ...base, op: "update" as const, after };
  expect(cells({ ...update, before: { id: 1, name: "a", email: "x" }, changed: ["name"] })).toEqual([
    { column: "name", before: "a", after: "b" },
  ]);
  expect(cells(update)).toEqual([
    { column: "name", after: "b" },
    { column: "email", after: "x" },
  ]);
});

test("an unchanged large value is shown as unchanged, and values that a key-only row lacks as not known", () => {
  const change = { ...base, key: { id: 2 }, after: { id: 2, name: "b" }, unchanged: ["doc"] };
  expect(cells(change)).toEqual([
    { column: "name", after: "b" },
    { column: "doc", after: UNCHANGED },
  ]);
  const update = { ...change, op: "update" as const, before: { id: 1 }, changed: ["id"] };
  const all = [
    { column: "id", before: 1, after: 2 },
    { column: "name", after: "b" },
    { column: "doc", after: UNCHANGED },
  ];
  expect(cells(update)).toEqual(all);
  expect(allCells(update)).toEqual(all);
});

test.each([
  [null, "–"],
  [5.32, "5.3 ms"],
  [-2, "-2.0 ms"],
  [42.4, "42 ms"],
  [1_500, "1.50 s"],
  [65_000, "65.0 s"],
  [600_000, "10 min"],
  [86_400_000, "24 h"],
])("%j milliseconds are %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("a filter survives the page's address, and what is no op is left out", () => {
  const filter = { tables: new Set(["public.a,b", "x"]), ops: new Set(["update" as const]), text: "a&b=ü" };
  expect(fromQuery(toQuery(filter))).toEqual(filter);
  expect(fromQuery(new URLSearchParams("op=drop&op=create")).ops).toEqual(new Set(["create"]));
});
