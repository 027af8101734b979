import type { ChangeJson, LatestRowJson, RowsJson } from "../../api";

/** The most rows that are asked for, and that are kept while changes come. */
export const MOST_ROWS = 200;

/** A table's rows, kept in step with its changes. It does not use the document. */
export class RowsModel {
  /** Rows by the key's text. The row that changed last comes last. */
  private readonly byKey = new Map<string, LatestRowJson>();
  /** Whether these are all rows of the table. */
  whole = false;

  constructor(readonly topic: string) {}

  /** The row that changed last comes first. */
  get rows(): LatestRowJson[] {
    return [...this.byKey.values()].reverse();
  }

  set({ rows, whole }: RowsJson): void {
    this.byKey.clear();
    for (const row of [...rows].reverse()) this.byKey.set(nameOf(row.key), row);
    this.whole = whole;
  }

  /** @returns whether there was a change of this topic */
  receive(changes: readonly ChangeJson[]): boolean {
    // A dead letter that was sent back is an old record of the topic. Later records count, which may have changed the row since.
    const ours = changes.filter(({ topic, retried }) => topic === this.topic && !retried);
    for (const change of ours) this.apply(change);
    return ours.length > 0;
  }

  private apply(change: ChangeJson): void {
    if (change.op === "truncate") {
      this.byKey.clear();
      this.whole = true;
      return;
    }
    if (change.key === null) return;
    const name = nameOf(change.key);
    const known = this.byKey.get(name);
    // A row of the consumer's answer may be newer than a change that was still on its way.
    if (known?.partition === change.partition && BigInt(known.offset) >= BigInt(change.offset)) return;
    this.byKey.delete(name);
    if (change.after === null) return;
    this.byKey.set(name, changed(change, known));
    if (this.byKey.size <= MOST_ROWS) return;
    for (const oldest of this.byKey.keys()) {
      this.byKey.delete(oldest);
      break;
    }
    this.whole = false;
  }
}

/** The row after a change. Large values that the change did not touch are taken from the known row. */
function changed(change: ChangeJson, known: LatestRowJson | undefined): LatestRowJson {
  const { key, after, unchanged = [], op, committedAt, partition, offset } = change;
  const kept = unchanged.filter((column) => known && Object.hasOwn(known.row, column));
  const untold = unchanged.filter((column) => !kept.includes(column));
  return {
    ...{ key: key!, op, committedAt, partition, offset },
    row: { ...after, ...Object.fromEntries(kept.map((column) => [column, known!.row[column]!])) },
    ...(untold.length > 0 && { unchanged: untold }),
  };
}

function nameOf(key: LatestRowJson["key"]): string {
  return JSON.stringify(key);
}
