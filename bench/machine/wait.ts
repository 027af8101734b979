import { setTimeout as sleep } from "node:timers/promises";

/** Result of a look: done with a value, or not done, with what was seen instead. */
export type Look<T> = { done: true; value: T } | { done: false; seen: string };

/** Looks again and again until it is done. A look that throws ends the wait. */
export async function waitFor<T>(
  look: () => Promise<Look<T>>,
  { what, deadlineMs, intervalMs }: { what: string; deadlineMs: number; intervalMs: number },
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen.done) return seen.value;
    if (performance.now() > end) throw new Error(`Waited ${deadlineMs / 1000} s for ${what}. Last seen: ${seen.seen}`);
    await sleep(intervalMs);
  }
}
