/** The results of earlier runs, from the files that they left (dist/chaos/results.json). */
import { readFileSync } from "node:fs";
import { counted } from "../../look/amounts";
import { UsageError } from "../../terminal/usage";
import { isGood, type Results } from "../chaos-results";
import { headOf, summaryLines } from "./report";

/** @param list files, separated by commas. @throws UsageError when one is missing, or is no result of a run */
export function readResults(list: string): Results[] {
  return list.split(",").map((file) => {
    let found: unknown;
    try {
      found = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      throw new UsageError(`--recorded names "${file}", which cannot be read: ${(error as Error).message}`);
    }
    if (!isResults(found))
      throw new UsageError(`--recorded names "${file}", which is not the results.json of a run of npm run chaos`);
    return found;
  });
}

function isResults(found: unknown): found is Results {
  const { faults, seed, machine } = (found ?? {}) as Partial<Results>;
  return Array.isArray(faults) && typeof seed === "number" && typeof machine === "object";
}

/** Pure: several runs as one. */
export function recordedReport(runs: readonly Results[]): string {
  const heads = runs.map(
    (run) => `${headOf(run)}, ${counted(run.faults.length, "fault")}${isGood(run) ? "" : ": NOT all is well"}`,
  );
  return [...heads, "", summaryLines(runs.flatMap(({ faults }) => faults))].join("\n");
}
