/** The last changes, bounded in number and in memory, to look at and to resume a feed from. */
import type { Op } from "../api";
import { type Filter, selects } from "../change/filter";
import { ByteRing } from "./byte-ring";
import { SearchTexts } from "./search-texts";

/** What is added. */
export interface Observed {
  readonly op: Op;
  readonly table: string;
  /** The change as `ChangeJson` text. Of an entry that is held, to be read at once: not after the next `add`. */
  readonly json: string;
}

export interface RecentEntry extends Observed {
  /** Its place among all that were ever added, from 1 and without a gap: what cursors mean. */
  readonly id: number;
}

export class Recent {
  /** Circles: what belongs to entry number n (counted from 0, so that its id is n + 1) lies at n % length. */
  private readonly ops: Op[];
  private readonly tables: string[];
  private readonly texts: ByteRing;
  private readonly searchTexts = new SearchTexts();
  private first = 0;
  private end = 0;

  /** `maxBytes` of JSON in all: one huge row must not cost `maxEntries` times its size. */
  constructor(maxEntries: number, maxBytes: number) {
    this.ops = new Array<Op>(maxEntries);
    this.tables = new Array<string>(maxEntries);
    this.texts = new ByteRing(maxEntries, maxBytes);
  }

  add({ op, table, json }: Observed): void {
    // The newest one stays, however large.
    this.first = this.texts.add(json);
    const at = this.end % this.ops.length;
    this.ops[at] = op;
    this.tables[at] = table;
    this.end++;
  }

  /** Changes added since the start, held or not. */
  get total(): number {
    return this.end;
  }

  get oldestId(): number | null {
    return this.first === this.end ? null : this.first + 1;
  }

  get newestId(): number | null {
    return this.first === this.end ? null : this.end;
  }

  /** How many of the added ones have a greater id and are no longer held. */
  missedAfter(id: number): number {
    return Math.max(0, this.first - id);
  }

  /** Held entries with a greater id. */
  countAfter(id: number): number {
    return this.end - this.numberAfter(id);
  }

  /** Entries with a greater id that are held now, oldest first. After a pause it goes on with those that are still held. */
  *forwards(id: number): Generator<RecentEntry> {
    const { end } = this;
    for (let n = this.numberAfter(id); n < end; n = Math.max(n + 1, this.first)) yield this.at(n);
  }

  /** The same from the newest one back. */
  *backwards(): Generator<RecentEntry> {
    for (let n = this.end - 1; n >= this.first; n--) yield this.at(n);
  }

  /** Whether a held entry is one of those that the filter lets through. */
  selects(filter: Filter, entry: RecentEntry): boolean {
    return selects(filter, entry, () => this.searchTexts.of(entry));
  }

  private numberAfter(id: number): number {
    return Math.min(Math.max(id, this.first), this.end);
  }

  private at(n: number): RecentEntry {
    const { texts } = this;
    const at = n % this.ops.length;
    return {
      id: n + 1,
      op: this.ops[at]!,
      table: this.tables[at]!,
      get json() {
        return texts.get(n);
      },
    };
  }
}
