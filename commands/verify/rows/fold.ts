/** Puts the rows of one part together: what each key, or each row without one, is in the end. */
import { filledFrom } from "./hashes";
import type { Moves } from "../moves";
import type { HashedRow } from "./spill-file";

/** By key, a character for each byte: a text needs a third of a Buffer's memory. */
export type Folded = Map<string, HeldRow>;

export interface HeldRow {
  hashes: string;
  partition: number;
  offset: number;
  /** How many equal rows. With a key 1, or more where the database has several rows of a key that the topic takes for unique. */
  count: number;
  rewritten: boolean;
}

/** The last record of each key is its row. @param rows in the order of the records */
export function lastOf(rows: Iterable<HashedRow>, moves: Moves): Folded {
  const folded: Folded = new Map();
  for (const row of rows) {
    const key = row.key.toString("latin1");
    if (row.kind === "drop") {
      moves.take(row.offset, folded.get(key)?.hashes);
      folded.delete(key);
    } else {
      const hashes = moves.filled(row.offset, filledFrom(row.hashes.toString("latin1"), folded.get(key)?.hashes));
      folded.set(key, { hashes, partition: row.partition, offset: row.offset, count: 1, rewritten: false });
    }
  }
  return folded;
}

/** Rows are counted: those of a table without a key, and those of the database. */
export function countsOf(rows: Iterable<HashedRow>): Folded {
  const folded: Folded = new Map();
  for (const row of rows) {
    const key = row.key.toString("latin1");
    const count = (folded.get(key)?.count ?? 0) + (row.kind === "drop" ? -1 : 1);
    if (count === 0) folded.delete(key);
    else {
      const hashes = row.hashes.toString("latin1");
      folded.set(key, {
        hashes,
        partition: row.partition,
        offset: row.offset,
        count,
        rewritten: row.kind === "rewritten",
      });
    }
  }
  return folded;
}
