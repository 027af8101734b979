/** The last changes, bounded in number and in memory. Readers look at them, and a feed goes on from them. */
import type { Op } from "../api";
import { type Filter, selects } from "../change/filter";
import { ByteRing } from "./byte-ring";
import { SearchTexts } from "./search-texts";

/** A change that is added. */
export interface Observed {
  readonly op: Op;
  readonly table: string;
  /** The change as `ChangeJson` text. Read that of a held entry at once: the next `add` may overwrite it. */
  readonly json: string;
}

export interface RecentEntry extends Observed {
  /** Its place among all changes ever added, from 1 and without a gap. Clients name their place in the feed by it. */
  readonly id: number;
}

export class Recent {
  /** Rings: entry number n, counted from 0, has the id n + 1 and is at n % length. */
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
    // The newest change is held, however large.
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

  /** How many changes with a greater id are no longer held. */
  missedAfter(id: number): number {
    return Math.max(0, this.first - id);
  }

  /** How many held entries have a greater id. */
  countAfter(id: number): number {
    return this.end - this.numberAfter(id);
  }

  /** Entries with a greater id that are held now, oldest first. After a pause it goes on with those that are still held. */
  *forwards(id: number): Generator<RecentEntry> {
    const { end } = this;
    for (let n = this.numberAfter(id); n < end; n = Math.max(n + 1, this.first)) yield this.at(n);
  }

  /** Held entries, newest first. */
  *backwards(): Generator<RecentEntry> {
    for (let n = this.end - 1; n >= this.first; n--) yield this.at(n);
  }

  /** Whether the filter lets a held entry through. */
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
