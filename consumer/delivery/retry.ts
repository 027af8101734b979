/** Calls of a handler: the first, and the retries. */
import type { BatchControl } from "./batch";

export interface RetryOptions {
  attempts: number;
  backoffMs: number;
  /** An attempt that takes longer has failed; null: as long as it takes. */
  timeoutMs: number | null;
  observer: { retry(): void };
  /** Resolves after so many ms; 0 is one turn of the event loop. */
  wait(ms: number): Promise<void>;
  /** Calls back after so many ms; the returned function cancels. */
  later(ms: number, callback: () => void): () => void;
}

/** One call, for one change or for many. */
export interface Try {
  /** From 1. */
  readonly attempt: number;
  /** What the handler answered; undefined before it is called. */
  underWay: void | Promise<void>;
  call(): void | Promise<void>;
  again(): this;
  /** Aborts the attempt's signal: the consumer no longer waits for it. */
  abort(reason: Error): void;
  /** The attempt has ended: its signal no longer aborts when the stream stops. */
  over(): void;
}

/** `left`: the stream was stopped, and the change is not done with. */
export type RetryOutcome<T> = { done: T } | { failed: unknown } | "left";

const LONGEST_BACKOFF_MS = 5_000;
const LONGEST_WAIT_MS = 500;

export class Retry {
  constructor(private readonly options: RetryOptions) {}

  /**
   * Waits for a call under way, then calls again until it works, is given up on, or the stream stops.
   *
   * @param failed is told of each attempt that fails, the last one too
   */
  async untilDone<T extends Try>(
    first: T,
    control: BatchControl,
    failed: (attempt: number, error: unknown) => void,
  ): Promise<RetryOutcome<T>> {
    const { attempts, backoffMs, observer } = this.options;
    for (let one = first; ; one = one.again()) {
      // In an async function, so that a handler that throws at once and one that rejects are the same.
      if (one !== first) one.underWay = (async () => one.call())();
      try {
        await this.inTime(one);
        return { done: one };
      } catch (error) {
        // A handler that is told to stop may well fail: the change was not given its attempts, and is left for later.
        if (control.stopped()) return "left";
        failed(one.attempt, error);
        if (one.attempt >= attempts) return { failed: error };
      } finally {
        one.over();
      }
      observer.retry();
      if (!(await this.pause(backoffMs * 2 ** (one.attempt - 1), control))) return "left";
    }
  }

  /** At most 5 s. False when the stream was stopped meanwhile. */
  async pause(ms: number, control: BatchControl): Promise<boolean> {
    let left = Math.min(ms, LONGEST_BACKOFF_MS);
    for (; left > 0 && !control.stopped(); left -= LONGEST_WAIT_MS) {
      await this.options.wait(Math.min(left, LONGEST_WAIT_MS));
    }
    return !control.stopped();
  }

  /** Rejects when the call takes longer. It may go on all the same: a promise cannot be ended, only told by its signal. */
  private async inTime(one: Try): Promise<void> {
    const { timeoutMs, later } = this.options;
    if (timeoutMs === null) return one.underWay;
    let cancel = (): void => undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      cancel = later(timeoutMs, () => {
        const error = new Error(`the handler has not finished within ${timeoutMs} ms (HANDLER_TIMEOUT_MS)`);
        error.name = "TimeoutError";
        one.abort(error);
        reject(error);
      });
    });
    try {
      await Promise.race([one.underWay, timeout]);
    } finally {
      cancel();
    }
  }
}
