/** Records that come again: after a crash the connector goes back in the log, and writes all changes from there on once more. */
export class Repeats {
  /** The furthest position so far, and how many records had it: the rows of one COPY share a position. */
  private furthest = { lsn: -1n, count: 0 };
  /** Where a repeat is; undefined while there is none. */
  private again: { lsn: bigint; count: number } | undefined;

  /** Whether the topic's next record is a repeat. @param lsn its position in the log; null: not known */
  has(lsn: bigint | null): boolean {
    if (lsn === null) return false;
    const { furthest } = this;
    if (this.again === undefined && lsn >= furthest.lsn) {
      this.furthest = { lsn, count: lsn === furthest.lsn ? furthest.count + 1 : 1 };
      return false;
    }
    const { again } = this;
    this.again = { lsn, count: again?.lsn === lsn ? again.count + 1 : 1 };
    if (lsn < furthest.lsn || (lsn === furthest.lsn && this.again.count <= furthest.count)) return true;
    this.furthest = this.again;
    this.again = undefined;
    return false;
  }
}
