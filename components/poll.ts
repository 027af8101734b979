import { setTimeout as sleep } from "node:timers/promises";

/** What one look at the thing said: finished with a value, or not yet and what was seen instead. */
export type Probe<T> = { done: true; value: T } | { done: false; seen: string };

export interface PollOptions {
  /** What is waited for, as it reads after "Waited 30 s for": "Kafka Connect at http://localhost:8083". */
  what: string;
  /** How long to go on, in milliseconds from the call. */
  deadlineMs: number;
  /** Pause between two looks, in milliseconds. @default 250 */
  intervalMs?: number;
  /** What the reader can do about it, appended to the error. */
  remedy?: string;
}

/**
 * Looks again and again until the probe is done; the only way this project waits.
 *
 * A probe that throws ends the wait at once with that error: "not yet" is a value, not an exception. The probe gets
 * the milliseconds that are left, to bound its own request.
 *
 * @throws An error with `code: "TIMEOUT"` and `seen`, whose message says what was last seen.
 */
export async function poll<T>(probe: (leftMs: number) => Promise<Probe<T>>, options: PollOptions): Promise<T> {
  const end = Date.now() + options.deadlineMs;
  for (;;) {
    const look = await probe(Math.max(end - Date.now(), 1));
    if (look.done) return look.value;
    const left = end - Date.now();
    if (left <= 0) throw timeoutError(options, look.seen);
    await sleep(Math.min(options.intervalMs ?? 250, left));
  }
}

function timeoutError(options: PollOptions, seen: string): Error {
  const seconds = Math.round(options.deadlineMs / 100) / 10;
  const remedy = options.remedy ? ` ${options.remedy}` : "";
  return Object.assign(new Error(`Waited ${seconds} s for ${options.what}. Last seen: ${seen}.${remedy}`), {
    code: "TIMEOUT",
    seen,
  });
}
