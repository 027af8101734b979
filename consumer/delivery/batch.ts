/** What a stream hands over to the delivery. */
import type { RawMessage } from "../change/change-event";

export interface Batch {
  topic: string;
  partition: number;
  messages: readonly RawMessage[];
  /**
   * Offset of the last thing in it, which may be none of its records: a transaction takes one for its end. Nothing of it is to be
   * handled, and so it is done with when the last record is. @default that of the last record
   */
  lastOffset?: string;
  /** The topic was made again: earlier records with these offsets were others. */
  anew?: boolean;
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

/** Pure: how far everything is done with when it is up to one of the batch's records. @param done its offset */
export function doneUpTo({ messages, lastOffset }: Batch, done: string): string {
  return lastOffset !== undefined && done === messages[messages.length - 1]?.offset ? lastOffset : done;
}

/** Pure: some records of a batch that follow each other. What comes behind the last one belongs to the piece that has it. */
export function pieceOf({ lastOffset, ...batch }: Batch, messages: readonly RawMessage[]): Batch {
  const isLast = messages.at(-1)?.offset === batch.messages.at(-1)?.offset;
  return { ...batch, messages, ...(isLast && lastOffset !== undefined && { lastOffset }) };
}
