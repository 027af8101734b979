/** How far a batch has got. */
import type { Log } from "../log";
import type { AtHand } from "./crash/at-hand";
import { type Batch, type BatchControl, doneUpTo } from "./batch";
import type { Duplicates } from "./crash/duplicates";
import type { DeliveryObserver } from "./observer";

export interface ProgressOptions {
  duplicates: Duplicates;
  observer: DeliveryObserver;
  atHand: AtHand;
  log: Log;
  /** Calls back in the next turn of the event loop. */
  soon(callback: () => void): void;
  /** Calls back after so many ms; the returned function cancels. */
  later(ms: number, callback: () => void): () => void;
}

/** The log names a handler that takes longer than this many milliseconds, and again after each such time. */
const LONG_MS = 60_000;

export class Progress {
  /** The last offset done with. */
  done: string | undefined;
  /** The last offset that was handled before this batch, see `Duplicates`. */
  readonly handledBefore: number;
  private settled: string | undefined;
  /** The offset of what is waited for. */
  private waiting: string | undefined;
  private cancelReminder: (() => void) | undefined;
  private lookingSoon = false;

  constructor(
    private readonly options: ProgressOptions,
    private readonly batch: Batch,
    readonly control: BatchControl,
  ) {
    options.observer.batch(batch.topic, batch.partition, batch.messages.length);
    this.handledBefore = options.duplicates.begin(batch);
  }

  /** Writes the log lines, then notes the offset as handled, then resolves it: a committed change must be in the log. */
  settle(): void {
    if (this.done === this.settled) return;
    const { log, duplicates, observer } = this.options;
    const done = this.done!;
    this.settled = done;
    log.flush();
    duplicates.handled(this.batch.topic, this.batch.partition, done);
    this.control.resolve(done);
    observer.settled();
  }

  /**
   * Waits until a change is done. When that takes longer than this turn of the event loop, changes done before are settled, and other
   * partitions go on.
   */
  async waitFor<T>(offset: string, change: Promise<T>): Promise<T> {
    this.waiting = offset;
    if (!this.lookingSoon) {
      this.lookingSoon = true;
      this.options.soon(() => this.look());
    }
    const outcome = await change;
    this.waiting = undefined;
    this.cancelReminder?.();
    this.cancelReminder = undefined;
    this.options.atHand.end(this.batch.topic, this.batch.partition);
    return outcome;
  }

  /** The batch is over. */
  end(): void {
    const { log, observer } = this.options;
    const { topic, partition, highWatermark } = this.batch;
    this.settle();
    log.flush();
    const done = this.done === undefined ? undefined : doneUpTo(this.batch, this.done);
    observer.batchDone(topic, partition, done, highWatermark);
  }

  private look(): void {
    this.lookingSoon = false;
    this.settle();
    if (this.waiting === undefined) return;
    this.options.atHand.begin(this.batch.topic, this.batch.partition, this.done);
    this.control.waits();
    this.remind(this.waiting, LONG_MS);
  }

  private remind(offset: string, ms: number): void {
    const { later, log } = this.options;
    const { topic, partition } = this.batch;
    this.cancelReminder = later(LONG_MS, () => {
      const message = `the handler is not done after ${ms / 1000} s: this partition waits, the others go on`;
      log.warn(message, { topic, partition, offset });
      this.remind(offset, ms + LONG_MS);
    });
  }
}
