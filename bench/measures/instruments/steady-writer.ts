import { setTimeout as sleep } from "node:timers/promises";
import { type Run, withClient } from "../measure";
import { insertRows } from "./row-writer";

const TICK_MS = 20;
/** Most rows in one statement, when it has to catch up. */
const AT_ONCE = 5000;

/**
 * Writes so many rows a second for so many seconds, one statement every 20 ms.
 *
 * @param told how many there are by now, after each statement
 * @returns how many seconds it took
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
      // Not at once with the few rows that came due meanwhile: that is a load of thousands of commits a second.
      await sleep(TICK_MS - (performance.now() % TICK_MS));
    }
  });
  return elapsed();
}
