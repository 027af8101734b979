/** Where a change stands in the order in which Postgres tells changes. Pure. */
import type { Envelope } from "./values/record-envelope";

/** The fields from which a place follows. */
export type PlacedRecord = Pick<Envelope, "lsn" | "commitLsn" | "eventNo" | "lastCommitLsn">;

/** Bits for the second half of a place: the number of an event in its transaction, or its position in the log. */
const WITHIN_BITS = 64n;

/**
 * The order is that of the commits: of transactions that overlap, a later one may have the lower positions. The place is the commit and the
 * event's number in the transaction; without this project's classes the commit before, and the position.
 *
 * @returns undefined where the record has no position
 */
export function placeOf({ lsn, commitLsn, eventNo, lastCommitLsn }: PlacedRecord): bigint | undefined {
  if (commitLsn !== null) return (commitLsn << WITHIN_BITS) | (eventNo ?? 0n);
  if (lsn === null) return undefined;
  // Of the same kind as the others' first half: a topic may hold records of several kinds.
  return lastCommitLsn === null ? lsn << WITHIN_BITS : (lastCommitLsn << WITHIN_BITS) | lsn;
}
