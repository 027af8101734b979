/** What a run of `npm run chaos` found, and whether that is good. */
import type { Machine } from "../stack/machine-facts";
import type { TableResult } from "../verify/result";
import type { Growth } from "./memory";
import type { Reckoning } from "./reckon/reckon";
import type { Struck } from "./strike";

/** One fault of a run: what was done, and what followed. */
export type Row = Struck & Reckoning;

export interface Results {
  machine: Machine;
  seed: number;
  rate: number;
  exactlyOnce: boolean;
  /** How long faults went on. */
  minutes: number;
  faults: Row[];
  /** Commits without an answer, and how many of them had worked. */
  doubts: { asked: number; committed: number };
  /** Memory of each container at the run's beginning and at its end. */
  memory: Growth[];
  /** Reasons that ended the faults early, and steps after them that failed. */
  troubles: string[];
  verify: TableResult[];
}

/**
 * Pure: whether a run kept what this project promises.
 *
 * - Only changes that no reader can get any more are lost, and the stack reported them. It reported no others.
 * - No change is invented, and those of one key are in order.
 * - The stack recovered by itself, but for the faults that are listed as needing a person.
 * - In the end tables and topics are equal, as they were each time when a loss was made good.
 * - With exactly once no change is twice in a topic, unless all rows were read again.
 */
export function isGood({
  faults,
  verify,
  troubles,
  exactlyOnce,
}: Pick<Results, "faults" | "verify" | "troubles" | "exactlyOnce">): boolean {
  const isFaultGood = (each: Row): boolean => {
    const lost = each.lossy ? [] : [each.lost, each.unhandled];
    const wrong = [...lost, each.invented, each.disorder, each.disorderAtHandler];
    const isTwice = exactlyOnce && !each.lossy && each.repeats > 0;
    const isSaid = each.lossy ? typeof each.saidSeconds === "number" : each.untrue === undefined;
    return (
      wrong.every((list) => list.length === 0) &&
      !isTwice &&
      isSaid &&
      (each.unequal ?? []).length === 0 &&
      (each.hands === "none" || each.expectedHands !== "none")
    );
  };
  return troubles.length === 0 && faults.length > 0 && faults.every(isFaultGood) && verify.every(({ ok }) => ok);
}

/** Pure: how many versions are not in the topic, or reached no call of the handler. */
export function lostOf({ lost, unhandled }: Pick<Row, "lost" | "unhandled">): number {
  return new Set([...lost, ...unhandled]).size;
}

/** Pure: how many records and calls of the handler skip an earlier version of their key, or have one that was never committed. */
export function disorderOf({
  disorder,
  disorderAtHandler,
  invented,
}: Pick<Row, "disorder" | "disorderAtHandler" | "invented">): number {
  return disorder.length + disorderAtHandler.length + invented.length;
}
