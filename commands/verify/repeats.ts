import type { Envelope } from "./values/record-envelope";

/** Bits for a position in the log. */
const POSITION_BITS = 64n;

/** Records that come again: after a crash the connector goes back in the log, and writes all changes from there on once more. */
export class Repeats {
  /** The furthest place so far, and how many records had it: without this project's classes the rows of one COPY share a place. */
  private furthest = { place: -1n, count: 0 };
  /** Where a repeat is; undefined while there is none. */
  private again: { place: bigint; count: number } | undefined;

  /** Whether the topic's next record is a repeat. */
  has(record: PlacedRecord): boolean {
    const place = placeOf(record);
    if (place === null) return false;
    const { furthest } = this;
    if (this.again === undefined && place >= furthest.place) {
      this.furthest = { place, count: place === furthest.place ? furthest.count + 1 : 1 };
      return false;
    }
    const { again } = this;
    this.again = { place, count: again?.place === place ? again.count + 1 : 1 };
    if (place < furthest.place || (place === furthest.place && this.again.count <= furthest.count)) return true;
    this.furthest = this.again;
    this.again = undefined;
    return false;
  }
}

type PlacedRecord = Pick<Envelope, "lsn" | "commitLsn" | "eventNo" | "lastCommitLsn">;

/**
 * The place in the order in which Postgres tells changes, which is that of the commits: of transactions that overlap, a later one may have the lower positions. The
 * place is the commit and the event's number in the transaction; without this project's classes the commit before, and the position.
 *
 * @returns null where the record has no position
 */
function placeOf({ lsn, commitLsn, eventNo, lastCommitLsn }: PlacedRecord): bigint | null {
  if (commitLsn !== null && eventNo !== null) return (commitLsn << POSITION_BITS) | eventNo;
  if (lsn === null) return null;
  // Of the same kind as the others' first half: a topic may hold records of several kinds.
  return lastCommitLsn === null ? lsn << POSITION_BITS : (lastCommitLsn << POSITION_BITS) | lsn;
}
