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
  /** Keeps the membership; rejects when the group rebalances, which ends the batch. Cheap when called too often. */
  heartbeat(): Promise<void>;
  /**
   * True once the process is to end or the partition was taken away: the rest is left for later. Asked after each wait, since
   * it cannot change in between.
   */
  stopped(): boolean;
}
