/** The last changes, bounded in number and in memory, to look at and to resume a feed from. */
import type { Op } from "./api";

export interface RecentEntry {
  id: number;
  op: Op;
  table: string;
  /** The change as `ChangeJson` text. */
  json: string;
}

export interface Filter {
  /** Empty: all. */
  tables: ReadonlySet<string>;
  ops: ReadonlySet<Op>;
  /** Lower case; empty: all. */
  text: string;
}

export const everything: Filter = { tables: new Set(), ops: new Set(), text: "" };

export function matches(entry: RecentEntry, filter: Filter): boolean {
  return (
    (filter.tables.size === 0 || filter.tables.has(entry.table)) &&
    (filter.ops.size === 0 || filter.ops.has(entry.op)) &&
    (filter.text === "" || entry.json.toLowerCase().includes(filter.text))
  );
}

export class Recent {
  /** A circle: entry number n (counted from 0) lies at n % slots.length. */
  private readonly slots: (RecentEntry | undefined)[];
  private first = 0;
  private end = 0;
  private characters = 0;

  /** `maxCharacters` of JSON in all: one huge row must not cost `maxEntries` times its size. */
  constructor(
    maxEntries: number,
    private readonly maxCharacters: number,
  ) {
    this.slots = new Array<RecentEntry | undefined>(maxEntries);
  }

  /** Ids must grow; they may skip. */
  add(entry: RecentEntry): void {
    if (this.end - this.first === this.slots.length) this.dropOldest();
    this.slots[this.end % this.slots.length] = entry;
    this.end++;
    this.characters += entry.json.length;
    // The newest one stays, however large.
    while (this.characters > this.maxCharacters && this.end - this.first > 1) this.dropOldest();
  }

  /** Changes added since the start, held or not. */
  get total(): number {
    return this.end;
  }

  get oldestId(): number | null {
    return this.first === this.end ? null : this.at(this.first).id;
  }

  get newestId(): number | null {
    return this.first === this.end ? null : this.at(this.end - 1).id;
  }

  /** How many of the added ones have a greater id and are no longer held. */
  missedAfter(id: number): number {
    if (this.first === 0 || id >= (this.oldestId ?? 0)) return 0;
    // Ids may skip, so this is exact only where none did.
    return Math.min(this.first, Math.max(0, this.at(this.first).id - 1 - id));
  }

  /** Held entries with a greater id. */
  countAfter(id: number): number {
    return this.end - this.numberAfter(id);
  }

  /** Held entries with a greater id that match, oldest first: the first `limit` of them. */
  after(id: number, limit: number, filter: Filter = everything): RecentEntry[] {
    const found: RecentEntry[] = [];
    for (let n = this.numberAfter(id); n < this.end && found.length < limit; n++) {
      const entry = this.at(n);
      if (matches(entry, filter)) found.push(entry);
    }
    return found;
  }

  /** The last `limit` entries that match, oldest first. */
  newest(limit: number, filter: Filter = everything): RecentEntry[] {
    const found: RecentEntry[] = [];
    for (let n = this.end - 1; n >= this.first && found.length < limit; n--) {
      const entry = this.at(n);
      if (matches(entry, filter)) found.push(entry);
    }
    return found.reverse();
  }

  private numberAfter(id: number): number {
    let low = this.first;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle).id > id) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private dropOldest(): void {
    this.characters -= this.at(this.first).json.length;
    this.slots[this.first % this.slots.length] = undefined;
    this.first++;
  }

  private at(n: number): RecentEntry {
    return this.slots[n % this.slots.length]!;
  }
}
