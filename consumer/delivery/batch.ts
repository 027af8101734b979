/** What a stream gives to the delivery. */
import type { RawMessage } from "../change/change-event";

export interface Batch {
  topic: string;
  partition: number;
  messages: readonly RawMessage[];
  /**
   * The batch's last offset, which need not be a record's: the end of a transaction takes an offset too. It is done when the last record
   * is done. @default the offset of the last record
   */
  lastOffset?: string;
  /** The topic was deleted and created again: earlier records with these offsets were others. */
  anew?: boolean;
  /** Offset behind the partition's last record; decimal digits. */
  highWatermark: string;
}

/** What the stream lends for the time of one batch. */
export interface BatchControl {
  /** Everything up to this offset is done and may be committed. */
  resolve(offset: string): void;
  /** Tells that the delivery waits for something slow, such as a handler's promise, so that other partitions go on. */
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
