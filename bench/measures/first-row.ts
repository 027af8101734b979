import { waitFor } from "../machine/wait";
import type { Run } from "./measure";

const DEADLINE_MS = 180_000;
/** Precision of the first row's time, in milliseconds. */
const LOOK_MS = 20;

/** Starts the contestant, and asks its consumer until the rows of the init script have all arrived. */
export async function firstRow(run: Run, rows = 1): Promise<{ firstRow: number; up: number }> {
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  let failed: Error | undefined;
  let up = NaN;
  const upEnds = run.contestant.up().then(
    () => (up = seconds()),
    (error: Error) => (failed = error),
  );
  await waitFor(
    async () => {
      run.signal.throwIfAborted();
      if (failed) throw failed;
      const seen = await run.feed.newest().catch((error: Error) => error.message);
      if (typeof seen === "string") return { done: false, seen };
      return seen.total >= rows ? { done: true, value: undefined } : { done: false, seen: `${seen.total} changes` };
    },
    { what: `the first ${rows} rows of ${run.contestant.name}`, deadlineMs: DEADLINE_MS, intervalMs: LOOK_MS },
  );
  const firstRowSeconds = seconds();
  await upEnds;
  if (failed) throw failed;
  return { firstRow: firstRowSeconds, up };
}

export async function measureFirstRow(run: Run): Promise<void> {
  const { firstRow: seconds, up } = await firstRow(run);
  run.record("first-row", seconds);
  run.record("up", up);
}
