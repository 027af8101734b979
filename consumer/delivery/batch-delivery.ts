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
    const handItems = async (): Promise<boolean> => {
      const all = items;
      items = [];
      return all.length === 0 || this.handAll(all, batch, progress);
    };
    try {
      for (const [i, message] of batch.messages.entries()) {
        if (items.length === 0 && control.stopped()) return;
        const unreadable = this.gather(batch, message, progress, items);
        // The changes before an unreadable record, and before the end of the batch, are handled first.
        const isLast = i === batch.messages.length - 1;
        if (unreadable === null && !isLast && items.length < mostChanges) continue;
        if (!(await handItems())) return;
        if (unreadable !== null) {
          // What was before it is done with, however long its dead letter waits for the broker.
          progress.done = batch.messages[i - 1]?.offset;
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
  private async handAll(items: readonly WaitingChange[], batch: Batch, progress: Progress): Promise<boolean> {
    const outcome = await progress.waitFor(items[0]!.message.offset, this.handle(items, batch, progress));
    if (outcome !== "one by one") return outcome === "done";
    for (const item of items) {
      if (progress.control.stopped()) return false;
      const alone = [{ ...item, change: this.arrivals.readAgain(batch, item.message) }];
      const { offset } = item.message;
      if ((await progress.waitFor(offset, this.handle(alone, batch, progress))) !== "done") return false;
      // All of them together may take many minutes. Each that is done is committed, and is no longer waited for.
      progress.done = offset;
      progress.settle();
    }
    return true;
  }

  /** `left`: for later; `one by one`: one change may make all of them fail, so each is to be tried alone. */
  private async handle(
    items: readonly WaitingChange[],
    batch: Batch,
    { control }: Progress,
  ): Promise<"done" | "left" | "one by one"> {
    const { attempts, batchHandler, failing, log } = this.options;
    const [{ message }] = items as [WaitingChange, ...WaitingChange[]];
    const { topic, partition, offset } = message.original ?? { ...batch, offset: message.offset };
    const given = { topic, partition, offset, changes: items.length };
    const reread = ({ message }: WaitingChange) => this.arrivals.readAgain(batch, message);
    const first = new BatchAttempt(batchHandler, items, reread, log, control);
    first.underWay = (async () => first.call())();
    const outcome = await this.retry.untilDone(first, control, (nth, error) =>
      failing.failed(batch, given, nth, error),
    );
    failing.over(batch);
    if (outcome === "left") return "left";
    if ("done" in outcome) {
      const { done } = outcome;
      for (const item of done.items) this.endings.handled(item.arrived, done.isPrinted(item));
      return "done";
    }
    if (items.length > 1) return "one by one";
    const failure = { stage: "handle", error: outcome.failed, attempts } as const;
    return (await this.endings.bury(batch, message, failure, control)) ? "done" : "left";
  }
}
