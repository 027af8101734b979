/** Which changes a snapshot of the database sees. */

/** A moment: what a transaction with one snapshot sees. Positions are bytes from the log's beginning. */
export interface Moment {
  /** End of the log after the snapshot was taken: the snapshot sees no change behind it. */
  lsn: bigint;
  /** No transaction from this number on had ended, all 64 bits. */
  xmax: bigint;
  /** No transaction from this number on had begun, all 64 bits. Those in between were under way. */
  next: bigint;
  /** Earlier transactions that had not ended. */
  running: ReadonlySet<number>;
}

/** Of `pg_current_snapshot()`, as in `10:20:10,14`. @param next the number that the next transaction got */
export function momentOf(snapshot: string, lsn: bigint, next: bigint): Moment {
  const [, xmax = "0", list = ""] = snapshot.split(":");
  const running = list === "" ? [] : list.split(",").map((xid) => low(BigInt(xid)));
  return { lsn, xmax: BigInt(xmax), next, running: new Set(running) };
}

/** Where a record comes from, as Debezium's `source` has it; the transaction's number has 32 bits. */
export interface RecordSource {
  lsn: bigint | null;
  txId: number | null;
  /** Read from the table, and not from the log. */
  isSnapshot: boolean;
  /** Whether the topic had the record before the moment. */
  wasThere: boolean;
}

/**
 * Pure. The position alone does not decide: a change before the end of the log may have been committed after the snapshot.
 *
 * What the topic had before the moment is no later change. Where its position or its transaction says so, they are of another log: that of a former server, or
 * of the database of which an older copy is in its place. Only a commit that still waits for a standby is told before a snapshot sees it: its transaction is
 * under way, and where none after it has ended, the snapshot does not list it.
 */
export function isVisible(source: RecordSource, moment: Moment): boolean {
  const { txId, isSnapshot, wasThere } = source;
  if (isBeyond(source, moment)) return wasThere;
  if (isSnapshot || txId === null) return true;
  if (moment.running.has(txId)) return false;
  return isBefore(txId, low(moment.xmax)) || (wasThere && !isBefore(txId, low(moment.next)));
}

/** The 32 bits that records have of a transaction's number. */
function low(xid: bigint): number {
  return Number(BigInt.asUintN(32, xid));
}

/** Pure: whether the position is behind the end that the log had at the moment. */
export function isBeyond({ lsn }: Pick<RecordSource, "lsn">, moment: Moment): boolean {
  return lsn !== null && lsn > moment.lsn;
}

/** Pure: whether a transaction's number is before another's. Numbers wrap around at 2^32, so the later one is less than 2^31 ahead. */
export function isBefore(txId: number, other: number): boolean {
  return ((txId - other) | 0) < 0;
}
