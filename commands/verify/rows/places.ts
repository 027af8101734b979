/** The order of a row's records in different partitions: a key's later ones are in another since the topic was given more partitions. */
import type { Envelope } from "../values/record-envelope";

/** Bits for the number of an event in its transaction. */
const EVENT_BITS = 64n;

/**
 * The place of a record follows from the database's log: the commit of its transaction, and its number there. Without these it is the record's own
 * position: a row's next change is further on in the log, also where transactions overlap, since it waits for the one before to commit.
 */
export class Places {
  /** By partition, the furthest place so far. */
  private readonly furthest = new Map<number, bigint>();

  /**
   * The place of the partition's next record. It is never before the places of those that came earlier: within a partition their order decides,
   * also where the connector goes back in the log.
   *
   * @returns undefined where the record has no position
   */
  next(
    partition: number,
    { commitLsn, eventNo, lsn }: Pick<Envelope, "commitLsn" | "eventNo" | "lsn">,
  ): bigint | undefined {
    const commit = commitLsn ?? lsn;
    if (commit === null) return undefined;
    const place = (commit << EVENT_BITS) | (eventNo ?? 0n);
    const before = this.furthest.get(partition) ?? -1n;
    if (place <= before) return before;
    this.furthest.set(partition, place);
    return place;
  }
}
