import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Op } from "../../../consumer/api";
import { EVERYTHING, type Filter } from "../../../consumer/change/filter";
import { type Observed, Recent, type RecentEntry } from "../../../consumer/feed/recent";
import { entriesAfter, newestOf } from "./ring";

const entry = (id: number, over: Partial<Observed> = {}): Observed => ({
  op: "create",
  table: "public.customers",
  json: `{"id":${id}}`,
  ...over,
});
const ids = (entries: RecentEntry[]) => entries.map(({ id }) => id);
const filter = (over: Partial<Filter>): Filter => ({ ...EVERYTHING, ...over });

function filled(count: number): Recent {
  const recent = new Recent(5, 1 << 20);
  for (let id = 1; id <= count; id++) recent.add(entry(id));
  return recent;
}

describe("the ring of recent changes", () => {
  test("is empty at first", () => {
    const recent = filled(0);
    expect(recent).toMatchObject({ oldestId: null, newestId: null, total: 0 });
    expect(entriesAfter(recent, 0, 10)).toEqual([]);
    expect(recent.missedAfter(0)).toBe(0);
  });

  test("holds the last ones and counts all", () => {
    const recent = filled(7);
    expect(recent).toMatchObject({ oldestId: 3, newestId: 7, total: 7 });
    expect(ids(newestOf(recent, 10))).toEqual([3, 4, 5, 6, 7]);
    expect(ids(newestOf(recent, 2))).toEqual([6, 7]);
  });

  test("goes on after an id, also one that is no longer or not yet there", () => {
    const recent = filled(7);
    expect(ids(entriesAfter(recent, 4, 10))).toEqual([5, 6, 7]);
    expect(ids(entriesAfter(recent, 4, 1))).toEqual([5]);
    expect(ids(entriesAfter(recent, 0, 10))).toEqual([3, 4, 5, 6, 7]);
    expect(recent.countAfter(5)).toBe(2);
    expect(ids(entriesAfter(recent, 7, 10))).toEqual([]);
    expect(ids(entriesAfter(recent, 99, 10))).toEqual([]);
    expect(recent.countAfter(99)).toBe(0);
  });

  test("counts how many were dropped after an id", () => {
    const recent = filled(7);
    expect(recent.missedAfter(0)).toBe(2);
    expect(recent.missedAfter(1)).toBe(1);
    expect(recent.missedAfter(2)).toBe(0);
    expect(recent.missedAfter(7)).toBe(0);
  });

  test("is bounded in memory, but the newest one stays however large", () => {
    const recent = new Recent(100, 50);
    for (let id = 1; id <= 10; id++) recent.add(entry(id, { json: "x".repeat(20) }));
    expect(ids(newestOf(recent, 100))).toEqual([9, 10]);
    recent.add(entry(11, { json: "x".repeat(1000) }));
    expect(ids(newestOf(recent, 100))).toEqual([11]);
    expect(recent.total).toBe(11);
  });

  test("filters by table, operation and text, case ignored", () => {
    const recent = new Recent(10, 1 << 20);
    const json = '{"table":"t","key":null,"before":null,"after":null}';
    recent.add(entry(1, { table: "public.orders", json }));
    recent.add(entry(2, { op: "delete", json }));
    recent.add(entry(3, { json: '{"table":"t","key":null,"before":null,"after":{"email":"Alex@Foley"}}' }));
    expect(ids(newestOf(recent, 10, filter({ tables: new Set(["public.orders"]) })))).toEqual([1]);
    expect(ids(newestOf(recent, 10, filter({ ops: new Set<Op>(["delete", "truncate"]) })))).toEqual([2]);
    expect(ids(entriesAfter(recent, 0, 10, filter({ text: "alex@" })))).toEqual([3]);
    expect(ids(newestOf(recent, 1, filter({ ops: new Set<Op>(["create"]) })))).toEqual([3]);
  });

  test("behaves as a list of which the front is cut off", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 50 }),
        (size, count, from) => {
          const recent = new Recent(size, 1 << 20);
          const list = Array.from({ length: count }, (_, i) => i + 1);
          for (const id of list) recent.add(entry(id));
          const held = list.slice(-size);
          expect(ids(newestOf(recent, 100))).toEqual(held);
          expect(ids(entriesAfter(recent, from, 100))).toEqual(held.filter((id) => id > from));
          expect(recent.countAfter(from)).toBe(held.filter((id) => id > from).length);
        },
      ),
    );
  });
});
