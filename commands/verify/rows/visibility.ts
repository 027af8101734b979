/** Which changes a snapshot of the database sees. */

/** A moment: what a transaction with one snapshot sees. Positions are bytes from the log's beginning. */
export interface Moment {
  /** End of the log after the snapshot was taken: the snapshot sees no change behind it. */
  lsn: bigint;
  /** Transactions from this number on had not begun, all 64 bits. */
  xmax: bigint;
  /** Earlier transactions that had not ended. */
  running: ReadonlySet<number>;
}

/** Of `pg_current_snapshot()`, as in `10:20:10,14`. */
export function momentOf(snapshot: string, lsn: bigint): Moment {
  const [, xmax = "0", list = ""] = snapshot.split(":");
  const running = list === "" ? [] : list.split(",").map((xid) => Number(BigInt.asUintN(32, BigInt(xid))));
  return { lsn, xmax: BigInt(xmax), running: new Set(running) };
}

/** Where a record comes from, as Debezium's `source` has it; the transaction's number has 32 bits. */
export interface RecordSource {
  lsn: bigint | null;
  txId: number | null;
  /** Read from the table, and not from the log. */
  isSnapshot: boolean;
}

/** Pure. The position alone does not decide: a change before the end of the log may have been committed after the snapshot. */
export function isVisible({ lsn, txId, isSnapshot }: RecordSource, moment: Moment): boolean {
  if (lsn !== null && lsn > moment.lsn) return false;
  if (isSnapshot || txId === null) return true;
  if (moment.running.has(txId)) return false;
  return isBefore(txId, Number(BigInt.asUintN(32, moment.xmax)));
}

/** Pure: whether a transaction's number is before another's. Numbers wrap around at 2^32, so the later one is less than 2^31 ahead. */
export function isBefore(txId: number, other: number): boolean {
  return ((txId - other) | 0) < 0;
}
