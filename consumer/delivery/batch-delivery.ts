/** Delivery to a handler that takes many changes at once: consecutive changes of a batch, up to `mostChanges`. */
import type { RawMessage, Unreadable } from "../change/change-event";
import { Arrivals } from "./arrivals";
import { BatchAttempt, type WaitingChange } from "./attempt";
import type { Batch, BatchControl } from "./batch";
import { type CommonOptions, ENOUGH_TO_WRITE } from "./delivery";
import { RecordEndings } from "./record-endings";
import type { BatchHandler } from "./handler";
import { Progress } from "./progress";
import { Retry } from "./retry";

export type BatchDeliveryOptions = CommonOptions & {
  batchHandler: BatchHandler;
  /** Changes given to the handler at once. */
  mostChanges: number;
};

export class BatchDelivery {
  private readonly arrivals: Arrivals;
  private readonly retry: Retry;
  private readonly endings: RecordEndings;

  constructor(private readonly options: BatchDeliveryOptions) {
    this.arrivals = new Arrivals(options);
    this.retry = new Retry(options);
    this.endings = new RecordEndings(options, this.retry);
  }

  /** Resolves when the batch is done or `control.stopped()`. */
  async deliver(batch: Batch, control: BatchControl): Promise<void> {
    const { log, mostChanges, wait } = this.options;
    const progress = new Progress(this.options, batch, control);
    let items: WaitingChange[] = [];
    const handAll = async (): Promise<boolean> => {
      const all = items;
      items = [];
      return all.length === 0 || progress.waitFor(all[0]!.message.offset, this.handle(all, batch, progress));
    };
    try {
      for (const [i, message] of batch.messages.entries()) {
        if (items.length === 0 && control.stopped()) return;
        const unreadable = this.gather(batch, message, progress, items);
        // The changes before an unreadable record, and before the end of the batch, are handled first.
        const isLast = i === batch.messages.length - 1;
        if (unreadable === null && !isLast && items.length < mostChanges) continue;
        if (!(await handAll())) return;
        if (unreadable !== null) {
          const failure = { stage: "read", error: unreadable.reason, attempts: 1 } as const;
          if (!(await progress.waitFor(message.offset, this.endings.bury(batch, message, failure, control)))) return;
        }
        progress.done = message.offset;
        if (log.gathered >= ENOUGH_TO_WRITE) progress.settle();
        // Lets other work of the process run, also where the handler waits for nothing.
        await wait(0);
      }
    } finally {
      progress.end();
    }
  }

  /** Adds a change to the items; anything else is counted, or returned where it cannot be read. */
  private gather(batch: Batch, message: RawMessage, progress: Progress, items: WaitingChange[]): Unreadable | null {
    const { nowMicros, observer } = this.options;
    const event = this.arrivals.read(batch, message);
    switch (event.op) {
      case "unreadable":
        return event;
      case "tombstone":
      case "heartbeat":
        observer.unprinted(event);
        return null;
      default: {
        const arrived = this.arrivals.of(event, message, nowMicros(), progress.handledBefore);
        items.push({ change: event, message, arrived });
        return null;
      }
    }
  }

  /** False when some of them are left for later. */
  private async handle(items: readonly WaitingChange[], batch: Batch, progress: Progress): Promise<boolean> {
    const { control } = progress;
    const { attempts, batchHandler, log } = this.options;
    const reread = ({ message }: WaitingChange) => this.arrivals.readAgain(batch, message);
    const first = new BatchAttempt(batchHandler, items, reread, log, control);
    first.underWay = (async () => first.call())();
    const outcome = await this.retry.untilDone(first, control);
    if (outcome === "left") return false;
    if ("done" in outcome) {
      const { done } = outcome;
      for (const item of done.items) this.endings.handled(item.arrived, done.isPrinted(item));
      return true;
    }
    if (items.length === 1) {
      return this.endings.bury(batch, items[0]!.message, { stage: "handle", error: outcome.failed, attempts }, control);
    }
    // One change may make the whole batch fail, so each is tried alone.
    for (const item of items) {
      if (!(await this.handle([{ ...item, change: reread(item) }], batch, progress))) return false;
      progress.done = item.message.offset;
    }
    return true;
  }
}
