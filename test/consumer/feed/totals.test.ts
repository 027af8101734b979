import { beforeEach, describe, expect, test } from "@jest/globals";
import { Totals } from "../../../consumer/feed/totals";

const EPOCH = "e1";
let totals: Totals;
beforeEach(() => {
  totals = new Totals(EPOCH);
});

describe("totals", () => {
  const change = (op: "create" | "update", lagMs: number | null, duplicate?: "redelivered") =>
    totals.observer.change({ table: "public.t", op } as never, { id: 1, lagMs, ...(duplicate && { duplicate }) }, "");

  test("count by table and operation, with rate and lag of the last second", () => {
    for (let i = 1; i <= 100; i++) change("create", i);
    change("update", null, "redelivered");
    totals.observer.deadLetter("t", "handle");
    expect(totals.tick(1000)).toBe(true);
    expect(totals.json(7)).toEqual({
      epoch: EPOCH,
      total: 101,
      tables: { "public.t": { create: 100, update: 1 } },
      ratePerSecond: 101,
      lagMs: { p50: 51, p99: 100, max: 100 },
      duplicates: { redelivered: 1, repeated: 0 },
      deadLetters: 1,
      sampled: 7,
    });
  });

  test("have news once more after the last change, for the rate falls to 0", () => {
    change("create", 1);
    expect([totals.tick(1000), totals.tick(1000), totals.tick(1000)]).toEqual([true, true, false]);
    expect(totals.json(0)).toMatchObject({ total: 1, ratePerSecond: 0, lagMs: null });
  });

  test("a fast second keeps a fair sample of the lags, and the true maximum", () => {
    for (let i = 1; i <= 100_000; i++) change("create", i);
    totals.tick(1000);
    const lag = totals.json(0).lagMs!;
    expect(lag.max).toBe(100_000);
    expect(Math.abs(lag.p50 - 50_000)).toBeLessThan(10_000);
  });
});
