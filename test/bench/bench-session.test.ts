import { expect, test } from "@jest/globals";
import type { BenchOptions } from "../../bench/bench-options";
import { measuresOf, needsCommonStart, turn } from "../../bench/bench-session";
import { playOwnStarts } from "../../bench/round";

type Asked = Pick<BenchOptions, "measures" | "against">;

test("another contestant is first in each round", () => {
  expect([0, 1, 2, 3].map((by) => turn(["a", "b", "c"], by).join(""))).toEqual(["abc", "bca", "cab", "abc"]);
  expect(turn([], 2)).toEqual([]);
});

test("the others climb the ladder in the first round only", () => {
  const options: Asked = { measures: ["drain", "sustained"], against: undefined };
  expect([...measuresOf("stock", 1, options)]).toEqual(["drain", "sustained"]);
  expect([...measuresOf("stock", 2, options)]).toEqual(["drain"]);
  expect([...measuresOf("ours", 2, options)]).toEqual(["drain", "sustained"]);
});

test("what needs starts of its own is measured of this checkout once, and of both revisions in each round", () => {
  const options: Asked = { measures: ["noop", "growth", "many-tables", "added-rows"], against: undefined };
  expect([...measuresOf("ours", 1, options)]).toEqual(options.measures);
  for (const [name, round] of [
    ["stock", 1],
    ["kraft", 1],
    ["ours", 2],
  ] as const) {
    expect([...measuresOf(name, round, options)]).toEqual(["noop"]);
  }
  for (const name of ["other", "ours"] as const) {
    expect([...measuresOf(name, 2, { ...options, against: "main" })]).toEqual(options.measures);
  }
});

test("sizes of images, and what has starts of its own, need no common start", () => {
  expect(needsCommonStart(new Set(["images", "growth", "many-tables", "added-rows"] as const))).toBe(false);
  expect(needsCommonStart(new Set(["images", "noop"] as const))).toBe(true);
});

test("growth, many tables and added rows are separate plays, when they are asked for", () => {
  expect(playOwnStarts(new Set(["noop"] as const))).toHaveLength(0);
  expect(playOwnStarts(new Set(["growth", "added-rows", "drain"] as const))).toHaveLength(2);
});
