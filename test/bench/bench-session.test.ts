import { expect, test } from "@jest/globals";
import { measuresOf, needsRounds, turn } from "../../bench/bench-session";

test("another contestant is first in each round", () => {
  expect([0, 1, 2, 3].map((by) => turn(["a", "b", "c"], by).join(""))).toEqual(["abc", "bca", "cab", "abc"]);
  expect(turn([], 2)).toEqual([]);
});

test("the others climb the ladder in the first round only", () => {
  const all = ["drain", "sustained"] as const;
  expect([...measuresOf("stock", 1, all)]).toEqual(["drain", "sustained"]);
  expect([...measuresOf("stock", 2, all)]).toEqual(["drain"]);
  expect([...measuresOf("ours", 2, all)]).toEqual(["drain", "sustained"]);
});

test("sizes of images and growth need no start of their own", () => {
  expect(needsRounds(["images", "growth"])).toBe(false);
  expect(needsRounds(["images", "noop"])).toBe(true);
});
