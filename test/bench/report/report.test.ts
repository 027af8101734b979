import { describe, expect, test } from "@jest/globals";
import type { ContestantName } from "../../../bench/contestants/contestant";
import { figure, FIGURES } from "../../../bench/report/figure-list";
import { formatted } from "../../../bench/report/format";
import type { Sample } from "../../../bench/measures/measure";
import { overall, summarize } from "../../../bench/report/summary";
import { picture } from "../../../bench/report/svg";
import { table } from "../../../bench/report/summary-table";
import { columns } from "../../../bench/report/columns";

function samples(id: string, values: Partial<Record<ContestantName, number[]>>): Sample[] {
  return Object.entries(values).flatMap(([contestant, list]) =>
    list.map((value, at) => ({ contestant: contestant as ContestantName, round: at + 1, figure: id, value })),
  );
}

const FIRST_ROW = samples("first-row", { stock: [20, 22, 21], tuned: [8, 8.5, 9], ours: [9, 9.5, 12] });

describe("the summary", () => {
  test("has medians, spread and ratios", () => {
    const [row] = summarize(FIRST_ROW);
    expect(row!.by.ours).toEqual({ median: 9.5, min: 9, max: 12, samples: 3 });
    expect(row!.ratios.stock).toBeCloseTo(9.5 / 21);
    expect(row!.ratios.tuned).toBeCloseTo(9.5 / 8.5);
  });

  test("checks limits, and ratios against the others' medians", () => {
    const [row] = summarize(FIRST_ROW);
    expect(row!.must).toEqual([
      { text: "≤ 10 s", passed: true },
      { text: "≤ 0.6 × stock", passed: true },
      { text: "≤ 1.3 × tuned", passed: true },
    ]);
    expect(row!.aim).toEqual([
      { text: "≤ 7 s", passed: false },
      { text: "≤ 1.1 × tuned", passed: false },
    ]);
    expect([overall(row!.must), overall(row!.aim)]).toEqual(["pass", "FAIL"]);
  });

  test("where more is better, a limit is a floor", () => {
    const [row] = summarize(samples("drain", { stock: [5000], ours: [39_000] }));
    expect(row!.must).toEqual([
      { text: "≥ 40,000 rows/s", passed: false },
      { text: "≥ 7 × stock", passed: true },
    ]);
  });

  test("a comparison with what was not measured stays open", () => {
    const [row] = summarize(samples("first-row", { ours: [5] }));
    expect(row!.must.map(({ passed }) => passed)).toEqual([true, undefined, undefined]);
    expect(overall(row!.must)).toBe("open");
    expect(row!.ratios).toEqual({});
  });

  test("keeps the order of the figures, and leaves out what was not measured", () => {
    const rows = summarize([...samples("destroy", { ours: [3] }), ...FIRST_ROW]);
    expect(rows.map((row) => row.figure.id)).toEqual(["first-row", "destroy"]);
  });
});

describe("the table", () => {
  const text = table(summarize([...FIRST_ROW, ...samples("warm-p99", { ours: [9] })]));

  test("prints medians with their spread, ratios, and which target failed", () => {
    expect(text).toMatch(
      /images present → first row seen +s +21\.0 \(20\.0–22\.0\) +8\.50 \(.*\) +9\.50 \(9\.00–12\.0\) +0\.45 +1\.12/,
    );
    expect(text).toMatch(/9\.50 s +pass +≤ 10 s, ≤ 0\.6 × stock, ≤ 1\.3 × tuned +FAIL +≤ 7 s ✗, ≤ 1\.1 × tuned ✗/);
    expect(text).toMatch(/9\.00 ms +open/);
  });

  test("says what each figure means, once for those that share it", () => {
    expect(text).toContain(figure("first-row").definition);
    const all = table(summarize(["p50", "p95", "p99"].flatMap((name) => samples(`warm-${name}`, { ours: [1] }))));
    expect(all.split(figure("warm-p50").definition)).toHaveLength(2);
    expect(all).toContain("latency at 100/s, warm:\n");
  });

  test("a contestant that was not measured has no column", () => {
    expect(table(summarize(samples("noop", { ours: [3] })))).not.toMatch(/tuned compose|÷/);
  });

  test("columns are as wide as their widest cell", () => {
    expect(
      columns([
        ["a", "b"],
        ["long", "→"],
      ]),
    ).toBe("a     b\n----  -\nlong  →");
  });
});

describe("the picture", () => {
  const svg = picture(summarize(FIRST_ROW), "2 cores & <much> memory");

  test("draws each bar as its share of the longest, with its value and spread", () => {
    const widths = [...svg.matchAll(/<rect class="(stock|tuned|ours)" [^>]*width="([\d.]+)"/g)];
    expect(widths.map(([, name, width]) => [name, Number(width)])).toEqual([
      ["stock", 439.1],
      ["tuned", 177.7],
      ["ours", 198.6],
    ]);
    expect(svg.match(/class="span"/g)).toHaveLength(3);
    for (const value of ["21.0 s", "8.50 s", "9.50 s"]) expect(svg).toContain(`>${value}</text>`);
  });

  test("is readable in light and dark, by machines and by those who do not see it", () => {
    expect(svg).toMatch(/prefers-color-scheme: dark/);
    expect(svg).toContain("2 cores &amp; &lt;much&gt; memory");
    expect(svg).toMatch(
      /<title>images present → first row seen: stock 21\.0, tuned compose 8\.50, ours 9\.50 s<\/title>/,
    );
    expect(svg).toMatch(/^<svg .*role="img">/);
  });

  test("a figure of one contestant has one bar, a zero is still a bar", () => {
    const one = picture(summarize(samples("sustained", { ours: [0] })), "");
    expect(one.match(/<rect class="ours" [^>]*width="1\.5"/g)).toHaveLength(1);
  });
});

test("figures have names of their own", () => {
  expect(new Set(FIGURES.map(({ id }) => id)).size).toBe(FIGURES.length);
  expect(() => figure("speed")).toThrow("there is no figure speed");
});

test.each([
  [0.123, "0.12"],
  [9.876, "9.88"],
  [45.678, "45.7"],
  [456.78, "457"],
  [45_678.9, "45,679"],
  [NaN, "–"],
])("%p is written %s", (value, text) => {
  expect(formatted(value)).toBe(text);
});
