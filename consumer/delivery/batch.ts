/** What a stream hands over to the delivery. */
import type { RawMessage } from "../change/change-event";

export interface Batch {
  topic: string;
  partition: number;
  messages: readonly RawMessage[];
  /** Offset behind the partition's last record; decimal digits. */
  highWatermark: string;
}

/** What the stream lends for the time of one batch. */
export interface BatchControl {
  /** Everything up to this offset is done and may be committed. */
  resolve(offset: string): void;
  /** The delivery waits for something that takes its time, such as a handler's promise: others shall not wait with it. */
  waits(): void;
  /**
   * True once the process is to end or the partition was taken away: the rest is left for later. Asked after each wait, since
   * it cannot change in between.
   */
  stopped(): boolean;
  /** Aborts when that happens. */
  readonly signal: AbortSignal;
}

/** Resolves when the batch is done or `control.stopped()`. */
export type Deliver = (batch: Batch, control: BatchControl) => Promise<void>;
