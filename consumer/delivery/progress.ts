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
  private settlingSoon = false;

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

  /** A change that takes its time, or is tried again, must not hold up what is known of those before it. */
  settleSoon(): void {
    if (this.settlingSoon) return;
    this.settlingSoon = true;
    this.options.soon(() => {
      this.settlingSoon = false;
      this.settle();
    });
  }
}
