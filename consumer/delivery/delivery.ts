/**
 * Hands the records of a batch to the handler: in order, each until it is done or given up on. Knows nothing of kafkajs,
 * so that every promise made here (order, retry, dead letters, what counts as handled) is tested without a broker.
 */
import type { Change, ChangeEvent, RawMessage, Unreadable } from "../change/change-event";
import { changeToBody } from "../change/change-json";
import { Attempt } from "./attempt";
import type { DeadLetters, Failure } from "./dead-letter";
import type { Duplicates } from "./duplicates";
import type { Texts } from "../change/envelope";
import { parseRecord } from "../change/parse-record";
import { type Log, errorText } from "../log";
import type { Batch, BatchControl } from "./batch";
import type { Handler } from "./handler";
import type { Observer } from "./observer";
import { Progress } from "./progress";

export interface DeliveryOptions {
  handler: Handler;
  deadLetters: DeadLetters;
  duplicates: Duplicates;
  observer: Observer;
  log: Log;
  logFormat: "json" | "text";
  attempts: number;
  backoffMs: number;
  /** An attempt that takes longer has failed; null: as long as it takes. */
  timeoutMs: number | null;
  /** µs since 1970. */
  nowMicros(): number;
  /** Resolves after so many ms; 0 is one turn of the event loop. */
  wait(ms: number): Promise<void>;
  /** Calls back after so many ms; the returned function cancels. */
  later(ms: number, callback: () => void): () => void;
  /** Calls back in the next turn of the event loop. */
  soon(callback: () => void): void;
}

/** The process answers HTTP at least this often while a batch is worked on. */
const TURN_MICROS = 10_000;
/** Characters of lines: bounds memory, and how many lines a kill -9 can leave written but not remembered as handled. */
const ENOUGH_TO_WRITE = 32 * 1024;
const LONGEST_BACKOFF_MS = 5_000;
const LONGEST_WAIT_MS = 500;

export class Delivery {
  /** Changes handled so far. */
  private lastId = 0;
  /** Of the record at hand. */
  private readonly texts: Texts = { key: null, before: null, after: null };

  constructor(private readonly options: DeliveryOptions) {}

  /** Resolves when the batch is done or `control.stopped()`. */
  async deliver(batch: Batch, control: BatchControl): Promise<void> {
    const { observer, log, nowMicros } = this.options;
    const { topic, partition } = batch;
    observer.batch(topic, partition, batch.messages.length);
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
        const event = parseRecord(topic, partition, message, this.texts);
        const finished = this.record(event, message, arrived, progress);
        // Awaiting only what is a promise keeps the usual change free of a turn of the microtask queue.
        waited = finished !== true;
        if (finished !== true) {
          progress.waits();
          const isDone = await finished;
          progress.goesOn();
          if (!isDone) return;
        }
        progress.done = event.offset;
        if (log.gathered >= ENOUGH_TO_WRITE) progress.settle();
      }
    } finally {
      progress.settle();
      log.flush();
      observer.batchDone(topic, partition, progress.done, batch.highWatermark);
    }
  }

  /** True (or a promise of it) when the record is done with, one way or the other; false when it is left for later. */
  private record(
    event: ChangeEvent,
    message: RawMessage,
    arrived: number,
    progress: Progress,
  ): boolean | Promise<boolean> {
    const { observer } = this.options;
    switch (event.op) {
      case "tombstone":
      case "heartbeat":
        observer.unprinted(event.op);
        return true;
      case "unreadable":
        return this.bury(event, message, { stage: "read", error: event.reason, attempts: 1 }, progress.control);
      default:
        return this.change(event, message, arrived, progress);
    }
  }

  private change(change: Change, message: RawMessage, arrived: number, { control, handledBefore }: Progress) {
    const { duplicates, handler, log, logFormat } = this.options;
    const { committedAtMicros } = change;
    const { texts } = this;
    const key = texts.key ?? message.key?.toString("latin1") ?? null;
    const duplicate = duplicates.recognise(change, key, handledBefore);
    const lagMs = committedAtMicros === null ? null : Math.round(arrived - committedAtMicros) / 1000;
    // Made before the handler runs: while it is waited for, `texts` are those of other records.
    const body = changeToBody(change, { lagMs, duplicate }, texts);
    const attempt = new Attempt({ lagMs, duplicate, log, logFormat, body, control }, 1);
    let result: void | Promise<void>;
    try {
      result = handler(change, attempt);
    } catch (error) {
      result = Promise.reject(error);
    }
    if (result instanceof Object && typeof result.then === "function") {
      return this.finish(result, attempt, change, message, control);
    }
    this.handled(change, attempt);
    return true;
  }

  /**
   * A change gets its id only here, where it is also written and observed: deliveries of several partitions run at the same
   * time, and whoever goes on after an id must not miss a change that was begun before and handled later.
   */
  private handled(change: Change, attempt: Attempt): void {
    const json = attempt.finish(++this.lastId);
    this.options.observer.change(change, attempt, json);
  }

  /** Waits for an attempt under way, then tries again until it works, is given up on, or the stream stops. */
  private async finish(
    firstUnderWay: Promise<void>,
    first: Attempt,
    change: Change,
    message: RawMessage,
    control: BatchControl,
  ): Promise<boolean> {
    const { handler, observer, attempts, backoffMs, timeoutMs, later } = this.options;
    let underWay = firstUnderWay;
    for (let attempt = first; ; attempt = attempt.again()) {
      // In an async function, so that a handler that throws at once and one that rejects are the same.
      if (attempt !== first) underWay = (async () => handler(change, attempt))();
      try {
        await (timeoutMs === null ? underWay : inTime(underWay, attempt, timeoutMs, later));
      } catch (error) {
        // A handler that is told to stop may well fail: the change was not given its attempts, and is left for later.
        if (control.stopped()) return false;
        const made = attempt.attempt;
        if (made >= attempts) return this.bury(change, message, { stage: "handle", error, attempts }, control);
        observer.retry();
        const pause = Math.min(backoffMs * 2 ** (made - 1), LONGEST_BACKOFF_MS);
        if (!(await this.pause(pause, control))) return false;
        continue;
      }
      this.handled(change, attempt);
      return true;
    }
  }

  /** Dead letters must not be lost either: tries until the broker took it. */
  private async bury(
    event: Change | Unreadable,
    message: RawMessage,
    failure: Failure,
    control: BatchControl,
  ): Promise<boolean> {
    const { deadLetters, observer, log } = this.options;
    const where = { topic: event.topic, partition: event.partition, offset: event.offset };
    for (let attempt = 1; ; attempt++) {
      try {
        await deadLetters.send(event, message, failure);
        log.error(`record given up on and sent to ${deadLetters.topic}: ${errorText(failure.error)}`, where);
        observer.deadLetter(event.topic, failure.stage);
        return true;
      } catch (error) {
        log.warn(`cannot write to ${deadLetters.topic}, trying again: ${errorText(error)}`, where);
        if (!(await this.pause(Math.min(250 * 2 ** (attempt - 1), LONGEST_BACKOFF_MS), control))) return false;
      }
    }
  }

  /** False when the stream was stopped meanwhile. */
  private async pause(ms: number, control: BatchControl): Promise<boolean> {
    for (let left = ms; left > 0 && !control.stopped(); left -= LONGEST_WAIT_MS) {
      await this.options.wait(Math.min(left, LONGEST_WAIT_MS));
    }
    return !control.stopped();
  }
}

/** Rejects when the attempt takes longer. It may go on all the same: a promise cannot be ended, only told by its signal. */
async function inTime(
  underWay: void | Promise<void>,
  attempt: Attempt,
  ms: number,
  later: DeliveryOptions["later"],
): Promise<void> {
  let cancel = (): void => undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    cancel = later(ms, () => {
      const error = new Error(`the handler has not finished within ${ms} ms (HANDLER_TIMEOUT_MS)`);
      error.name = "TimeoutError";
      attempt.abort(error);
      reject(error);
    });
  });
  try {
    await Promise.race([underWay, timeout]);
  } finally {
    cancel();
  }
}
