import { setTimeout as sleep } from "node:timers/promises";
import { type Run, withClient } from "../measure";
import { insertRows } from "./row-writer";

const TICK_MS = 20;
/** The most rows in one statement, for a writer that has to catch up. */
const AT_ONCE = 5000;

/**
 * Writes `rate` rows a second for `seconds`, with one statement every 20 ms.
 *
 * @param told gets the number of rows so far, after each statement
 * @returns the seconds that it took
 */
export async function writeSteadily(
  run: Run,
  { rate, seconds }: { rate: number; seconds: number },
  told: (written: number) => void = () => undefined,
): Promise<number> {
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  let written = 0;
  await withClient(run, async (client) => {
    while (written < rate * seconds) {
      run.signal.throwIfAborted();
      const due = Math.min(Math.floor(Math.min(elapsed(), seconds) * rate) - written, AT_ONCE);
      if (due > 0) {
        await insertRows(client, "public.customers", due);
        written += due;
        told(written);
      }
      // It waits for the next tick. To write at once the few rows that are due would be a load of thousands of commits a second.
      await sleep(TICK_MS - (performance.now() % TICK_MS));
    }
  });
  return elapsed();
}
