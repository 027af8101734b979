/** The connector goes back in the log after a crash, and then tells all from there on once more. */
export class Repeats {
  /** The furthest position so far, and how many records of it there were: rows of one COPY share theirs. */
  private furthest = { lsn: -1n, count: 0 };
  /** Where a repeat is; undefined while there is none. */
  private again: { lsn: bigint; count: number } | undefined;

  /** Whether the next record of the log is one that came before. @param lsn its position; null: not known */
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
