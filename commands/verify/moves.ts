/**
 * Rows that got another key by an update that leaves columns out, as with REPLICA IDENTITY DEFAULT: a delete of the old key, and a create of
 * the new one that names what is unchanged. The two are in different parts, so what the old row held is carried over.
 */
import { filledFrom } from "./rows/hashes";

/** Only rows that moved from key to key so often between two records that tell them whole need more rounds. */
const MOST_ROUNDS = 20;

export class Moves {
  /** By the offset of the create, that of the delete. */
  private readonly from = new Map<number, number>();
  /** By the offset of the delete: hashes of the row that it took. */
  private readonly taken = new Map<number, string | undefined>();
  private hasNews = false;

  /** A create that goes on with the row of a delete. Both are offsets. */
  add(deleted: number, created: number): void {
    this.from.set(created, deleted);
    this.taken.set(deleted, undefined);
  }

  /** Reads the rows as often as there is something new to carry over. @param fold all of them, with these moves */
  resolve(fold: () => void): void {
    for (let round = 0; this.from.size > 0 && round < MOST_ROUNDS; round++) {
      this.hasNews = false;
      fold();
      if (!this.hasNews) return;
    }
  }

  /** A delete takes a row. @param hashes undefined: there is none */
  take(deleted: number, hashes: string | undefined): void {
    if (!this.taken.has(deleted) || hashes === undefined || this.taken.get(deleted) === hashes) return;
    this.taken.set(deleted, hashes);
    this.hasNews = true;
  }

  /** The hashes of a row, with what its record leaves out. */
  filled(offset: number, hashes: string): string {
    const deleted = this.from.get(offset);
    return deleted === undefined ? hashes : filledFrom(hashes, this.taken.get(deleted));
  }
}
