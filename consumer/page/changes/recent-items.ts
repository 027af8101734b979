import type { ChangeJson } from "../../api";

/** A change, and the number of the consumer's process that sent it, its "life". Ids begin again with each life. */
export interface RecentItem {
  life: number;
  change: ChangeJson;
}

/** A place in the stream, behind this change. */
export interface StreamPlace {
  life: number;
  id: number;
}

export const START: StreamPlace = { life: 0, id: 0 };

export function place(item: RecentItem): StreamPlace {
  return { life: item.life, id: item.change.id };
}

export function isAfter(a: StreamPlace, b: StreamPlace): boolean {
  return a.life > b.life || (a.life === b.life && a.id > b.id);
}

/**
 * The newest changes, oldest first, bounded in number and in size. Filters, the end of a pause and an opened row take changes
 * from here without asking the consumer.
 */
export class RecentChanges {
  private items: RecentItem[] = [];
  private sizes: number[] = [];
  private size = 0;
  /** All changes after this place, up to the newest, are here. */
  completeAfter: StreamPlace = START;
  newest: StreamPlace = START;

  constructor(
    private readonly maxItems = 5_000,
    private readonly maxChars = 48_000_000,
  ) {}

  /** Adds a batch whose JSON text had `chars` characters. @returns the changes that were not here before */
  add(life: number, changes: ChangeJson[], chars: number): RecentItem[] {
    const each = chars / Math.max(1, changes.length);
    const added: RecentItem[] = [];
    for (const change of changes) {
      const item = { life, change };
      if (!isAfter(place(item), this.newest)) continue;
      this.newest = place(item);
      this.items.push(item);
      this.sizes.push(each);
      this.size += each;
      added.push(item);
    }
    this.evict();
    return added;
  }

  /** Some changes between the newest one here and `before` were never sent to this page. */
  hole(before: StreamPlace): void {
    this.completeAfter = { life: before.life, id: before.id - 1 };
  }

  since(from: StreamPlace): RecentItem[] {
    let start = this.items.length;
    while (start > 0 && isAfter(place(this.items[start - 1] as RecentItem), from)) start--;
    return this.items.slice(start);
  }

  private evict(): void {
    let gone = 0;
    while (this.items.length - gone > this.maxItems || (this.size > this.maxChars && gone < this.items.length - 1)) {
      this.size -= this.sizes[gone] as number;
      gone++;
    }
    if (gone === 0) return;
    const last = place(this.items[gone - 1] as RecentItem);
    if (isAfter(last, this.completeAfter)) this.completeAfter = last;
    this.items.splice(0, gone);
    this.sizes.splice(0, gone);
  }
}

/** Both lists in order, each change once. */
export function merge(a: RecentItem[], b: RecentItem[]): RecentItem[] {
  const byPlace = new Map<string, RecentItem>();
  for (const item of [...a, ...b]) byPlace.set(`${item.life}-${item.change.id}`, item);
  return [...byPlace.values()].sort((x, y) => x.life - y.life || x.change.id - y.change.id);
}
