/** How a record ends: handled, or given up on. */
import type { RawMessage } from "../change/change-event";
import { type Log, errorText } from "../log";
import type { Arrived } from "./arrivals";
import type { Batch, BatchControl } from "./batch";
import type { DeadLetters, RecordFailure } from "./dead-letter";
import type { DeliveryObserver } from "./observer";
import type { Retry } from "./retry";

export interface RecordEndingsOptions {
  deadLetters: DeadLetters;
  observer: DeliveryObserver;
  log: Log;
}

export class RecordEndings {
  /** Changes handled so far. */
  private lastId = 0;

  constructor(
    private readonly options: RecordEndingsOptions,
    private readonly retry: Retry,
  ) {}

  /**
   * A change gets its id only here, where it is also written and observed. Deliveries of several partitions run at the same
   * time: with an id from the beginning, a client that goes on after an id would miss a change that began before and ended later.
   */
  handled(arrived: Arrived, isPrinted: boolean): void {
    const json = arrived.finish(++this.lastId, isPrinted);
    this.options.observer.change(arrived, arrived, json);
  }

  /** Sends the record to the dead letters, and tries until the broker has it. False when the stream was stopped before. */
  async bury(batch: Batch, message: RawMessage, failure: RecordFailure, control: BatchControl): Promise<boolean> {
    const { deadLetters, observer, log } = this.options;
    const { topic, partition, offset } = message.original ?? { ...batch, offset: message.offset };
    const where = { topic, partition, offset };
    for (let attempt = 1; ; attempt++) {
      try {
        await deadLetters.send(where, message, failure);
        log.error(`record given up on and sent to ${deadLetters.topic}: ${errorText(failure.error)}`, where);
        observer.deadLetter(topic, failure.stage);
        return true;
      } catch (error) {
        log.warn(`cannot write to ${deadLetters.topic}, trying again: ${errorText(error)}`, where);
        if (!(await this.retry.pause(250 * 2 ** (attempt - 1), control))) return false;
      }
    }
  }
}
