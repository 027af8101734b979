/** The last changes, bounded in number and in memory, to look at and to resume a feed from. */
import type { Op } from "../api";
import { ByteRing } from "./byte-ring";

export interface RecentEntry {
  readonly id: number;
  readonly op: Op;
  readonly table: string;
  /** The change as `ChangeJson` text. Of an entry that is held, to be read at once: not after the next `add`. */
  readonly json: string;
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
  /** Circles: what belongs to entry number n (counted from 0) lies at n % length. */
  private readonly ids: Float64Array;
  private readonly ops: Op[];
  private readonly tables: string[];
  private readonly texts: ByteRing;
  private first = 0;
  private end = 0;

  /** `maxBytes` of JSON in all: one huge row must not cost `maxEntries` times its size. */
  constructor(maxEntries: number, maxBytes: number) {
    this.ids = new Float64Array(maxEntries);
    this.ops = new Array<Op>(maxEntries);
    this.tables = new Array<string>(maxEntries);
    this.texts = new ByteRing(maxEntries, maxBytes);
  }

  /** Ids must grow; they may skip. */
  add({ id, op, table, json }: RecentEntry): void {
    // The newest one stays, however large.
    this.first = this.texts.add(json);
    const at = this.end % this.ids.length;
    this.ids[at] = id;
    this.ops[at] = op;
    this.tables[at] = table;
    this.end++;
  }

  /** Changes added since the start, held or not. */
  get total(): number {
    return this.end;
  }

  get oldestId(): number | null {
    return this.first === this.end ? null : this.idOf(this.first);
  }

  get newestId(): number | null {
    return this.first === this.end ? null : this.idOf(this.end - 1);
  }

  /** How many of the added ones have a greater id and are no longer held. */
  missedAfter(id: number): number {
    if (this.first === 0 || id >= (this.oldestId ?? 0)) return 0;
    // Ids may skip, so this is exact only where none did.
    return Math.min(this.first, Math.max(0, this.idOf(this.first) - 1 - id));
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
      if (this.idOf(middle) > id) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private idOf(n: number): number {
    return this.ids[n % this.ids.length]!;
  }

  private at(n: number): RecentEntry {
    const { texts } = this;
    const at = n % this.ids.length;
    return {
      id: this.ids[at]!,
      op: this.ops[at]!,
      table: this.tables[at]!,
      get json() {
        return texts.get(n);
      },
    };
  }
}
