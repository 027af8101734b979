import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { linearFit, median, percentile, spread } from "../../../../bench/measures/instruments/statistics";

test("the median of an odd number is the middle one, of an even number the mean of the middle two", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("sorts by value, not by text", () => {
  expect(median([10, 9, 100])).toBe(10);
  expect(percentile([10, 9, 100], 1)).toBe(100);
});

test("a percentile is the smallest value that so many do not exceed", () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test("property: a percentile is one of the values, and at least that fraction does not exceed it", () => {
  const values = fc.array(fc.double({ noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, fraction) => {
      const value = percentile(all, fraction);
      expect(all).toContain(value);
      expect(all.filter((each) => each <= value).length).toBeGreaterThanOrEqual(Math.ceil(all.length * fraction));
    }),
  );
});

test("the spread is from the lowest to the highest", () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
});

test("the line through points on a line is that line", () => {
  const { slope, intercept } = linearFit([0, 1, 2, 5].map((x) => ({ x, y: 3 * x - 1 })));
  expect(slope).toBeCloseTo(3);
  expect(intercept).toBeCloseTo(-1);
});

test("points of one moment have no slope", () => {
  expect(
    linearFit([
      { x: 1, y: 1 },
      { x: 1, y: 3 },
    ]),
  ).toEqual({ slope: 0, intercept: 2 });
});
