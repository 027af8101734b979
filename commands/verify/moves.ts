/**
 * Rows whose key an update changed, where the update's records leave columns out, as with REPLICA IDENTITY DEFAULT. Such an update is a delete of
 * the old key, and a create of the new key that names the unchanged columns. The two are in different parts of the file, so the old row's hashes
 * are carried over from one part to the other.
 */
import { filledFrom } from "./rows/hashes";

/** A row needs more rounds only if its key changed this often between two records that have all its columns. */
const MOST_ROUNDS = 20;

export class Moves {
  /** By the offset of the create, that of the delete. */
  private readonly from = new Map<number, number>();
  /** By the offset of the delete: hashes of the row that it took. */
  private readonly taken = new Map<number, string | undefined>();
  private hasNews = false;

  /** Notes that a create continues the row of a delete. Both are offsets. */
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

  /** Notes the row that a delete took. @param hashes undefined: there was no row */
  take(deleted: number, hashes: string | undefined): void {
    if (!this.taken.has(deleted) || hashes === undefined || this.taken.get(deleted) === hashes) return;
    this.taken.set(deleted, hashes);
    this.hasNews = true;
  }

  /** The hashes of a row, with those of the columns that its record leaves out. */
  filled(offset: number, hashes: string): string {
    const deleted = this.from.get(offset);
    return deleted === undefined ? hashes : filledFrom(hashes, this.taken.get(deleted));
  }
}
