/**
 * The newest position in the write-ahead log by row, for the last rows that changed. A Map of their keys does the same,
 * but 100,000 strings that live are what the garbage collector copies: a tenth of the consumer's time under load. Here a
 * row is two numbers, 52 bits of its key's hash and the position. Two rows of one hash (among 200,000 rows one pair in 10^5
 * runs) would be taken for one.
 */

/** A row takes two places of the array: hash and position. */
const PLACES = 2;
const FREE = 0;
/** Slots for each row remembered: probing stays short up to half full. */
const SLOTS_PER_KEY = 2;

export class NewestPositions {
  private readonly mask: number;
  private newer: Float64Array;
  private older: Float64Array;
  private remembered = 0;
  /** Where the hashes of a topic's keys begin. */
  private readonly seeds = new Map<string, number>();

  /** @param keys how many rows are remembered at least; at most twice as many */
  constructor(private readonly keys: number) {
    const slots = 2 ** Math.ceil(Math.log2(keys * SLOTS_PER_KEY));
    this.mask = slots - 1;
    this.newer = new Float64Array(slots * PLACES);
    this.older = new Float64Array(0);
  }

  /** Remembers the position. False, and nothing remembered, when the row was there or further on before. */
  advance(topic: string, key: string, position: number): boolean {
    let seed = this.seeds.get(topic);
    if (seed === undefined) this.seeds.set(topic, (seed = hashOf(topic, 0)));
    const hash = hashOf(key, seed);
    const place = this.placeOf(hash, this.newer);
    const known = this.newer[place] === hash;
    if (position <= (known ? this.newer[place + 1]! : this.olderPosition(hash))) return false;
    this.newer[place] = hash;
    this.newer[place + 1] = position;
    if (!known && ++this.remembered >= this.keys) {
      this.older = this.newer;
      this.newer = new Float64Array(this.older.length);
      this.remembered = 0;
    }
    return true;
  }

  private olderPosition(hash: number): number {
    if (this.older.length === 0) return -1;
    const place = this.placeOf(hash, this.older);
    return this.older[place] === hash ? this.older[place + 1]! : -1;
  }

  /** Where the hash stands, or the free place for it. */
  private placeOf(hash: number, table: Float64Array): number {
    let slot = hash & this.mask;
    while (table[slot * PLACES] !== hash && table[slot * PLACES] !== FREE) slot = (slot + 1) & this.mask;
    return slot * PLACES;
  }
}

/** 52 bits, none of them FREE: two multiplicative hashes side by side (as cyrb53 does). */
function hashOf(text: string, seed: number): number {
  let low = 0xdeadbeef ^ seed;
  let high = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x9e3779b1);
    high = Math.imul(high ^ code, 0x5f356495);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  return (high & 0xfffff) * 2 ** 32 + (low >>> 0) || 1;
}
