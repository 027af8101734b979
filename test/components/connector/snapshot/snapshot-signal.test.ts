import { describe, expect, test } from "@jest/globals";
import {
  briefBatches,
  snapshotSignals,
  togetherSignal,
} from "../../../../components/connector/snapshot/snapshot-signal";

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

describe("tables that one signal has read", () => {
  const MB = 1 << 20;
  const looks = (...bytes: number[]) =>
    new Map(bytes.map((each, at) => [`public.t${at}`, { hasKey: true, bytes: each, rowBytes: 100 }]));

  test("are small ones, as many as are read in a few seconds", () => {
    expect(briefBatches(looks(30 * MB, 30 * MB, 30 * MB, 30 * MB))).toEqual([
      ["public.t0", "public.t1"],
      ["public.t2", "public.t3"],
    ]);
    expect(briefBatches(looks(MB, 500 * MB, MB))).toEqual([["public.t0", "public.t2"]]);
  });

  test("are none where it would be one table: that is read in the way that fits it", () => {
    expect(briefBatches(looks(MB))).toEqual([]);
    expect(briefBatches(looks(60 * MB, 60 * MB))).toEqual([]);
    expect(briefBatches(new Map())).toEqual([]);
  });

  test("are named by an expression each", () => {
    expect(togetherSignal(["public.a", "public.b.c"])).toEqual({
      type: "blocking",
      "data-collections": ["(?-i)public\\.a", "(?-i)public\\.b\\.c"],
    });
  });
});
