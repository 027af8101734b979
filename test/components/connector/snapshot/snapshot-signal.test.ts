import { expect, test } from "@jest/globals";
import { snapshotSignals } from "../../../../components/connector/snapshot/snapshot-signal";

const LARGE = { hasKey: true, bytes: 1e9, rowBytes: 200 };

test.each(["public.customers", "public.Größe", "public.cash$", "public.Order"])(
  "%j: a large table with a key is read beside the stream, by its name in quotes; else while the stream waits",
  (table) => {
    expect(snapshotSignals(table, LARGE)).toEqual([
      { type: "incremental", "data-collections": [table.replace(/^public\.(.*)$/, '"public"."$1"')] },
      { type: "blocking", "data-collections": [expect.stringContaining("(?-i)public\\.")] },
    ]);
  },
);

test.each([
  "public.Order Details",
  "public.a.b",
  "public.a(b",
  "public.a|b",
  "public.a\\b",
  'public.a"b',
  "public.it's",
])("%j cannot be said to an incremental snapshot", (table) => {
  expect(snapshotSignals(table, LARGE).map(({ type }) => type)).toEqual(["blocking"]);
});

test.each([
  ["without a key, of which there are no chunks", { ...LARGE, hasKey: false }],
  ["that takes a few seconds", { ...LARGE, bytes: 50_000_000 }],
  ["whose chunks would not fit into memory", { ...LARGE, rowBytes: 100_000 }],
])("a table %s is read while the stream waits, by an expression for it alone", (_what, look) => {
  expect(snapshotSignals("public.cash$", look)).toEqual([
    { type: "blocking", "data-collections": ["(?-i)public\\.cash\\$"] },
  ]);
});
