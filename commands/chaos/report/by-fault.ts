/** The results of each kind of fault, over all its times. Pure. */
import { median } from "../median";
import { disorderOf, lostOf, type Row } from "../chaos-results";

export interface FaultSummary {
  fault: string;
  times: number;
  committed: number;
  lost: number;
  disorder: number;
  /** Records that came again, calls of the handler, and the calls that the consumer did not mark. */
  repeats: number;
  repeatsAtHandler: number;
  unmarked: number;
  /** Seconds, one for each time, ascending. */
  caughtUp: number[];
  /** What a person had to do, at any of the times. */
  hands: string[];
  /** Seconds until the consumer reported each loss, ascending. Losses that it did not report are not here. */
  said: number[];
}

/** Most often first, then by name. */
export function byFault(rows: readonly Row[]): FaultSummary[] {
  const faults = [...new Set(rows.map(({ fault }) => fault))];
  return faults
    .map((fault) =>
      summaryOf(
        fault,
        rows.filter((row) => row.fault === fault),
      ),
    )
    .sort((one, other) => other.times - one.times || one.fault.localeCompare(other.fault));
}

function summaryOf(fault: string, rows: readonly Row[]): FaultSummary {
  const sum = (of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0);
  return {
    fault,
    times: rows.length,
    committed: sum((row) => row.committed),
    lost: sum(lostOf),
    disorder: sum(disorderOf),
    repeats: sum((row) => row.repeats),
    repeatsAtHandler: sum((row) => row.repeatsAtHandler),
    unmarked: sum((row) => row.unmarked),
    caughtUp: ascending(rows.map((row) => row.caughtUpSeconds)),
    hands: [...new Set(rows.map(({ hands }) => hands))],
    said: ascending(rows.flatMap(({ saidSeconds }) => saidSeconds ?? [])),
  };
}

/** For people: "0.5 to 12.3, median 4.0". Few values are listed one by one; without values, the text is empty. @param values seconds, ascending */
export function spread(values: readonly number[]): string {
  const texts = values.map((value) => value.toFixed(1));
  if (texts.length < 3) return texts.join(", ");
  return `${texts[0]} to ${texts.at(-1)}, median ${median(values)!.toFixed(1)}`;
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}
