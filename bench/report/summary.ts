import type { ContestantName } from "../contestants/contestant";
import type { Figure, Target } from "./figure";
import { FIGURES } from "./figure-list";
import type { Sample } from "../measures/measure";
import { type Spread, spread } from "../measures/instruments/statistics";

/** Pure: makes the table's rows out of samples. */

export interface Check {
  /** `≤ 10 s` or `≤ 0.6 × stock`. */
  text: string;
  /** Whether it passed; undefined when the other contestant was not measured. */
  passed: boolean | undefined;
}

export interface Row {
  figure: Figure;
  by: Partial<Record<ContestantName, Spread & { samples: number }>>;
  /** Our median divided by each other contestant's. */
  ratios: Partial<Record<ContestantName, number>>;
  must: Check[];
  aim: Check[];
}

/** A row for each figure that was measured, in the table's order. */
export function summarize(samples: readonly Sample[]): Row[] {
  return FIGURES.flatMap((figure) => {
    const own = samples.filter((sample) => sample.figure === figure.id);
    if (own.length === 0) return [];
    const by: Row["by"] = {};
    for (const name of new Set(own.map(({ contestant }) => contestant))) {
      const values = own.filter(({ contestant }) => contestant === name).map(({ value }) => value);
      by[name] = { ...spread(values), samples: values.length };
    }
    return [
      {
        figure,
        by,
        ratios: ratios(by),
        must: checks(figure, figure.must, by),
        aim: checks(figure, figure.aim, by),
      },
    ];
  });
}

function ratios({ ours, ...others }: Row["by"]): Row["ratios"] {
  const pairs = Object.entries(others).filter(([, theirs]) => ours && theirs.median !== 0);
  return Object.fromEntries(pairs.map(([name, theirs]) => [name, ours!.median / theirs.median]));
}

function checks({ better, unit }: Figure, target: Target | undefined, by: Row["by"]): Check[] {
  if (!target) return [];
  const sign = better === "less" ? "≤" : "≥";
  const check = (limit: number | undefined, text: string): Check => ({
    text: `${sign} ${text}`,
    passed:
      limit === undefined || !by.ours
        ? undefined
        : better === "less"
          ? by.ours.median <= limit
          : by.ours.median >= limit,
  });
  const times = (factor: number | undefined, name: "stock" | "tuned"): Check[] => {
    if (factor === undefined) return [];
    const theirs = by[name];
    return [check(theirs && factor * theirs.median, `${factor} × ${name}`)];
  };
  return [
    ...(target.limit === undefined ? [] : [check(target.limit, `${target.limit.toLocaleString("en")} ${unit}`)]),
    ...times(target.timesStock, "stock"),
    ...times(target.timesTuned, "tuned"),
  ];
}

/** The result of a group of checks: one that failed decides, and one that could not be made leaves the result open. */
export function overall(all: readonly Check[]): "pass" | "FAIL" | "open" | "" {
  if (all.length === 0) return "";
  if (all.some(({ passed }) => passed === false)) return "FAIL";
  return all.every(({ passed }) => passed) ? "pass" : "open";
}
