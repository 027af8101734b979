import type { ChangeJson, LatestRowJson, RowsJson } from "../../api";

/** Rows asked for, and kept while changes come. */
export const MOST_ROWS = 200;

/** A table's rows, kept in step with its changes. Knows nothing of the document. */
export class RowsModel {
  /** By the key's text, the row that changed last being the last. */
  private readonly byKey = new Map<string, LatestRowJson>();
  /** Whether there are no other rows. */
  whole = false;

  constructor(readonly topic: string) {}

  /** The row that changed last is the first. */
  get rows(): LatestRowJson[] {
    return [...this.byKey.values()].reverse();
  }

  set({ rows, whole }: RowsJson): void {
    this.byKey.clear();
    for (const row of [...rows].reverse()) this.byKey.set(nameOf(row.key), row);
    this.whole = whole;
  }

  /** True when there was one of this topic. */
  receive(changes: readonly ChangeJson[]): boolean {
    // What was sent back has been in the topic for long, and what came after it counts.
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
    // What the consumer has answered may be newer than a change that is still on its way here.
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

/** The row after a change. A large value that it did not touch is the one that was known. */
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
