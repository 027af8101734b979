import { setTimeout as sleep } from "node:timers/promises";

/** The result of one look: done, with a value; or not yet, with what was seen instead. */
export type Probe<T> = { done: true; value: T } | Pending;

export interface Pending {
  done: false;
  seen: string;
  /** Changes whenever there is progress, which restarts the deadline. @default no progress is known */
  mark?: string;
  /** The remedy for what was seen, in place of the wait's own remedy. */
  remedy?: string;
}

export interface PollOptions {
  /** What is waited for, as it reads after "Waited 30 s for": "Kafka Connect at http://localhost:8083". */
  what: string;
  /** How long to wait without progress, in milliseconds. */
  deadlineMs: number;
  /** Pause between two looks, in milliseconds; may depend on how long it has taken by now. @default 250 */
  intervalMs?: number | ((waitedMs: number) => number);
  /** What the reader can do about it, appended to the error. */
  remedy?: string;
}

/** A look at what may not work yet: where `work` rejects, its error is what was seen. */
export function tried<T>(work: Promise<T>): Promise<Probe<T>> {
  return work.then(
    (value) => ({ done: true, value }),
    (error: Error) => ({ done: false, seen: error.message }),
  );
}

/**
 * Looks again and again until the probe is done. All waits of this project use it.
 *
 * A probe that throws ends the wait at once with that error: "not yet" is a value, not an exception. The probe gets
 * the milliseconds that are left, to bound its own request.
 *
 * @throws An error with `code: "TIMEOUT"` and `seen`, whose message says what was last seen.
 */
export async function poll<T>(probe: (leftMs: number) => Promise<Probe<T>>, options: PollOptions): Promise<T> {
  const { intervalMs = 250, deadlineMs } = options;
  const start = Date.now();
  let end = start + deadlineMs;
  let mark: string | undefined;
  for (;;) {
    const look = await probe(Math.max(end - Date.now(), 1));
    if (look.done) return look.value;
    if (look.mark !== undefined && look.mark !== mark) {
      if (mark !== undefined) end = Date.now() + deadlineMs;
      mark = look.mark;
    }
    const left = end - Date.now();
    if (left <= 0) throw timeoutError(options, look);
    const pause = typeof intervalMs === "number" ? intervalMs : intervalMs(Date.now() - start);
    await sleep(Math.min(pause, left));
  }
}

function timeoutError(options: PollOptions, { seen, remedy = options.remedy }: Pending): Error {
  const seconds = Math.round(options.deadlineMs / 100) / 10;
  const mend = remedy ? ` ${remedy}` : "";
  return Object.assign(new Error(`Waited ${seconds} s for ${options.what}. Last seen: ${seen}.${mend}`), {
    code: "TIMEOUT",
    seen,
  });
}
