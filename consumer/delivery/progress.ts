/** How far a batch has got. */
import type { Log } from "../log";
import type { Batch, BatchControl } from "./batch";
import type { Duplicates } from "./duplicates";
import type { Observer } from "./observer";

export interface ProgressOptions {
  duplicates: Duplicates;
  observer: Observer;
  log: Log;
  /** Calls back in the next turn of the event loop. */
  soon(callback: () => void): void;
}

export class Progress {
  /** The last offset done with. */
  done: string | undefined;
  /** The last offset that was handled before this batch, see `Duplicates`. */
  readonly handledBefore: number;
  private settled: string | undefined;
  private waiting = false;
  private lookingSoon = false;

  constructor(
    private readonly options: ProgressOptions,
    private readonly batch: Batch,
    readonly control: BatchControl,
  ) {
    this.handledBefore = options.duplicates.begin(batch);
  }

  /** Lines are written, then remembered, then resolved: what is committed must have been said. */
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
   * A change is waited for, until `goesOn`. When that takes longer than this turn of the event loop, others must not wait with
   * it, and what was done before it is settled.
   */
  waits(): void {
    this.waiting = true;
    if (this.lookingSoon) return;
    this.lookingSoon = true;
    this.options.soon(() => {
      this.lookingSoon = false;
      this.settle();
      if (this.waiting) this.control.waits();
    });
  }

  goesOn(): void {
    this.waiting = false;
  }
}
