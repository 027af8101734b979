import { isAfter, place, START, type RecentItem, type StreamPlace } from "./recent-items";

/** One line of the feed. */
export type Entry =
  | { kind: "change"; key: string; item: RecentItem }
  /** The rows of one table's snapshot, folded together; `items` are the newest of them. */
  | { kind: "snapshot"; key: string; table: string; count: number; items: RecentItem[] }
  /** Rows left out of the view because they came faster than anyone reads. */
  | { kind: "skipped"; key: string; count: number }
  /** A message to the reader about the stream itself. */
  | { kind: "note"; key: string; text: string };

/** How many rows of a folded snapshot are kept, for the opened line. */
const FOLDED_ROWS = 50;

/** The feed's lines, oldest first, bounded. */
export class Timeline {
  readonly entries: Entry[] = [];
  /** The place in the stream up to which the feed has shown changes. */
  upTo: StreamPlace = START;
  private serial = 0;

  constructor(private readonly maxEntries = 5_000) {}

  append(items: RecentItem[]): void {
    for (const item of items) {
      const fold = item.change.op === "snapshot" ? this.openFold(item) : undefined;
      if (fold) {
        fold.count++;
        fold.items.push(item);
        if (fold.items.length > FOLDED_ROWS) fold.items.shift();
      } else if (item.change.op === "snapshot") {
        this.push({ kind: "snapshot", key: key(item), table: item.change.table, count: 1, items: [item] });
      } else {
        this.push({ kind: "change", key: key(item), item });
      }
      if (isAfter(place(item), this.upTo)) this.upTo = place(item);
    }
    this.trim();
  }

  skip(count: number): void {
    if (count > 0) this.push({ kind: "skipped", key: this.nextKey(), count });
  }

  note(text: string): void {
    this.push({ kind: "note", key: this.nextKey(), text });
  }

  clear(): void {
    this.entries.length = 0;
  }

  /** Rows of several tables' snapshots may come by turns. So a row goes into the fold of its table within the newest run of folds. */
  private openFold(item: RecentItem): Extract<Entry, { kind: "snapshot" }> | undefined {
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const entry = this.entries[i] as Entry;
      if (entry.kind !== "snapshot") return undefined;
      if (entry.table === item.change.table) return entry;
    }
    return undefined;
  }

  private push(entry: Entry): void {
    this.entries.push(entry);
  }

  private trim(): void {
    if (this.entries.length > this.maxEntries) this.entries.splice(0, this.entries.length - this.maxEntries);
  }

  private nextKey(): string {
    return `mark-${++this.serial}`;
  }
}

function key(item: RecentItem): string {
  return `${item.life}-${item.change.id}`;
}
