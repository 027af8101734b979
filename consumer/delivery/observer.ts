import type { Change, Heartbeat, Tombstone } from "../change/change-event";
import type { Observation } from "../change/change-json";
import type { FailureStage } from "./dead-letter";

/** Gets each event of the delivery. The metrics, the totals and the feed are observers. */
export interface DeliveryObserver {
  /** A batch of so many records begins. */
  batch(topic: string, partition: number, records: number): void;
  /** The batch is over. `done` is the last offset that was handled, if any. */
  batchDone(topic: string, partition: number, done: string | undefined, highWatermark: string): void;
  /**
   * The handler is done with a change. The observer gets the change as it came, since the handler may have altered it. `json` is its `ChangeJson` as
   * a text. Ids come in order, from 1 on and without a gap. `refills`: the
   * topic of a row of the connector's first snapshot.
   */
  change(
    change: Pick<Change, "op" | "table" | "position"> & { refills?: string | undefined },
    observation: Observation,
    json: string,
  ): void;
  /** All lines of changes that were handled so far are written to the log. */
  settled(): void;
  /** A record that is counted but not shown. */
  unprinted(event: Tombstone | Heartbeat): void;
  /** The handler failed and the change will be tried again. */
  retry(): void;
  deadLetter(topic: string, stage: FailureStage): void;
}

export function observers(all: readonly DeliveryObserver[]): DeliveryObserver {
  return {
    batch: (...args) => all.forEach((one) => one.batch(...args)),
    batchDone: (...args) => all.forEach((one) => one.batchDone(...args)),
    change(change, observation, json) {
      for (const one of all) one.change(change, observation, json);
    },
    settled: () => all.forEach((one) => one.settled()),
    unprinted: (...args) => all.forEach((one) => one.unprinted(...args)),
    retry: () => all.forEach((one) => one.retry()),
    deadLetter: (...args) => all.forEach((one) => one.deadLetter(...args)),
  };
}
