/**
 * Hands the records of a batch to the handler in order, each until it is done or given up. It knows nothing of kafkajs, so every promise made here
 * (order, retry, dead letters, what counts as handled) can be tested without a broker.
 */
import type { Change, RawMessage } from "../change/change-event";
import { Arrivals, type ArrivalsOptions } from "./arrivals";
import { Attempt } from "./attempt";
import type { Batch, BatchControl } from "./batch";
import type { Failing } from "./failing";
import { RecordEndings, type RecordEndingsOptions } from "./record-endings";
import type { Handler } from "./handler";
import { Progress, type ProgressOptions } from "./progress";
import { Retry, type RetryOptions } from "./retry";

/** Options of all ways of delivery. */
export type CommonOptions = ArrivalsOptions &
  RecordEndingsOptions &
  ProgressOptions &
  RetryOptions & {
    failing: Failing;
    /** µs since 1970. */
    nowMicros(): number;
  };

export type DeliveryOptions = CommonOptions & { handler: Handler };

/** While a batch is handled, the process answers HTTP at least after each such time, in microseconds. */
const TURN_MICROS = 10_000;
/** Number of characters in lines that are not written yet. It bounds memory, and how many lines a kill -9 leaves written but not noted as handled. */
export const ENOUGH_TO_WRITE = 32 * 1024;

export class Delivery {
  private readonly arrivals: Arrivals;
  private readonly retry: Retry;
  private readonly endings: RecordEndings;

  constructor(private readonly options: DeliveryOptions) {
    this.arrivals = new Arrivals(options);
    this.retry = new Retry(options);
    this.endings = new RecordEndings(options, this.retry);
  }

  /** Resolves when the batch is done or `control.stopped()`. */
  async deliver(batch: Batch, control: BatchControl): Promise<void> {
    const { log, nowMicros } = this.options;
    const progress = new Progress(this.options, batch, control);
    let turnEnds = nowMicros() + TURN_MICROS;
    let waited = true;
    try {
      for (const message of batch.messages) {
        const arrived = nowMicros();
        if (arrived > turnEnds) {
          progress.settle();
          await this.options.wait(0);
          turnEnds = nowMicros() + TURN_MICROS;
          waited = true;
        }
        if (waited && control.stopped()) return;
        const finished = this.record(batch, message, arrived, progress);
        // Only promises are awaited, so that an ordinary change costs no turn of the microtask queue.
        waited = finished !== true;
        if (finished !== true && !(await progress.waitFor(message.offset, finished))) return;
        progress.done = message.offset;
        if (log.gathered >= ENOUGH_TO_WRITE) progress.settle();
      }
    } finally {
      progress.end();
    }
  }

  /** Handles a record. @returns true, or a promise of it, when the record was handled or given up; false when it is left for later */
  private record(batch: Batch, message: RawMessage, arrived: number, progress: Progress): true | Promise<boolean> {
    const event = this.arrivals.read(batch, message);
    switch (event.op) {
      case "tombstone":
      case "heartbeat":
        this.options.observer.unprinted(event);
        return true;
      case "unreadable": {
        const failure = { stage: "read", error: event.reason, attempts: 1 } as const;
        return this.endings.bury(batch, message, failure, progress.control);
      }
      default:
        return this.change(event, batch, message, arrived, progress);
    }
  }

  private change(
    change: Change,
    batch: Batch,
    message: RawMessage,
    arrivedAt: number,
    { control, handledBefore }: Progress,
  ): true | Promise<boolean> {
    const { handler, log } = this.options;
    const arrived = this.arrivals.of(change, message, arrivedAt, handledBefore);
    const attempt = new Attempt(handler, change, arrived, log, control);
    try {
      attempt.underWay = attempt.call();
    } catch (error) {
      attempt.underWay = Promise.reject(error);
    }
    // Any object is awaited, because only that shows whether it is a promise: `then` may be a getter, and the object may be of another realm.
    if (attempt.underWay !== null && ["object", "function"].includes(typeof attempt.underWay)) {
      return this.finish(attempt, batch, message, control);
    }
    attempt.over();
    this.endings.handled(arrived, attempt.isPrinted);
    return true;
  }

  private async finish(attempt: Attempt, batch: Batch, message: RawMessage, control: BatchControl): Promise<boolean> {
    attempt.reread = () => this.arrivals.readAgain(batch, message);
    const { failing } = this.options;
    const { topic, partition, offset } = message.original ?? { ...batch, offset: message.offset };
    const given = { topic, partition, offset, changes: 1 };
    const outcome = await this.retry.untilDone(attempt, control, (nth, error) =>
      failing.failed(batch, given, nth, error),
    );
    failing.over(batch);
    if (outcome === "left") return false;
    if ("failed" in outcome) {
      const failure = { stage: "handle", error: outcome.failed, attempts: this.options.attempts } as const;
      return this.endings.bury(batch, message, failure, control);
    }
    this.endings.handled(attempt.arrived, outcome.done.isPrinted);
    return true;
  }
}
