import { expect, test } from "@jest/globals";
import type { Sample } from "../../../bench/measures/measure";
import { compare, comparisonTable } from "../../../bench/report/comparison";
import { summarize } from "../../../bench/report/summary";

function both(figure: string, other: number[], ours: number[]): Sample[] {
  const side = (contestant: "other" | "ours", values: number[]): Sample[] =>
    values.map((value, at) => ({ contestant, round: at + 1, figure, value }));
  return [...side("other", other), ...side("ours", ours)];
}

function compared(figure: string, other: number[], ours: number[]) {
  const [{ ratio, must, met }] = compare(summarize(both(figure, other, ours))) as [ReturnType<typeof compare>[number]];
  return { ratio, must, met };
}

test("above 1 this one is better, whether less or more is", () => {
  expect(compared("destroy", [6, 8, 7], [3.5]).ratio).toBe(2);
  expect(compared("drain", [30_000], [60_000]).ratio).toBe(2);
});

test("a figure meets its must as so many times the other's", () => {
  expect(compared("tables-50-first-row", [10], [5.5])).toMatchObject({ must: "≤ 0.55 × other", met: true });
  expect(compared("tables-50-first-row", [10], [5.6]).met).toBe(false);
  expect(compared("added-rows", [25_000], [50_000])).toMatchObject({ must: "≥ 2 × other", met: true });
  expect(compared("added-rows", [25_000], [49_000]).met).toBe(false);
});

test("a figure without a limit of its own may be a twentieth worse", () => {
  expect(compared("snapshot", [100], [95])).toMatchObject({ must: "ratio ≥ 0.95", met: true });
  expect(compared("snapshot", [100], [94]).met).toBe(false);
  expect(compared("sparse-p50", [95], [100]).met).toBe(true);
  expect(compared("sparse-p50", [94], [100]).met).toBe(false);
});

test("a start may lose some tenths of a second beside that", () => {
  expect(compared("first-row", [5], [5.6])).toMatchObject({ must: "ratio ≥ 0.95, but for 0.4 s, ≤ 10 s", met: true });
  expect(compared("first-row", [5], [5.8]).met).toBe(false);
});

test("an absolute limit holds as well, also where the other was not measured", () => {
  expect(compared("events-times", [2.4], [1.4])).toMatchObject({ must: "ratio ≥ 0.95, ≤ 1.3 ×", met: false });
  expect(compared("events-times", [2.4], [1.2]).met).toBe(true);
  expect(compared("events-times", [], [1.4])).toMatchObject({ ratio: undefined, met: false });
  expect(compared("events-times", [], [1.2])).toMatchObject({ ratio: undefined, met: undefined });
});

test("the table has the other, this one, the ratio, the must, and what each measure is", () => {
  const samples = [...both("noop", [2, 2.2, 2.1], [1]), ...both("tables-300-away", [160], [40])];
  const text = comparisonTable(summarize(samples), "v0.1.0");
  expect(text).toMatch(/unit +other: v0\.1\.0 +this +ratio +must, beside 0\.1\.0 +met\n/);
  expect(text).toMatch(/nothing to do +s +2\.10 \(2\.00–2\.20\) +1\.00 +2\.10 +ratio ≥ 0\.95, ≤ 4 s +yes\n/);
  expect(text).toMatch(/300 tables: all taken away +s +160 +40\.0 +4\.00 +≤ 0\.15 × other +NO\n/);
  expect(text).toContain("\n300 tables: all taken away:\n  `pulumi up` after");
  expect(comparisonTable([], "v0.1.0")).toBe("Nothing was measured.");
});
