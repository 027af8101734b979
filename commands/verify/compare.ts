/** Compares the rows of the database with those of the topic, key by key. */
import { countsOf, type Folded, type HeldRow, lastOf } from "./rows/fold";
import { differingColumns, digestOf } from "./rows/hashes";
import type { Moves } from "./moves";
import type { SpillFile } from "./rows/spill-file";

/** Why the topic does not have the row as it is now, though no change was lost. */
export type Untold =
  /** Records with the row, or with some of its columns, are no longer in the topic, or never were. */
  | "removed"
  /** The row's last record was made before a column of the table. */
  | "absent"
  /** An ALTER TABLE wrote the row last, and Postgres logs no row for that. */
  | "rewritten"
  /** The row's records have an earlier key of the table, and lack columns of today's key. */
  | "rekeyed"
  /** The row has no key, so it cannot be followed across a change of the columns. */
  | "unfollowed";

/** A key whose rows differ between the sides; in a table without a key, a row that only one side has. */
export interface Mismatch {
  /** Hash of the key, hexadecimal. */
  key: string;
  kind: "only in the database" | "only in the topic" | "different";
  /** Why the topic cannot have the row; undefined: it could, and this is a difference. */
  untold: Untold | undefined;
  /** The topic's last record of the row; null: there is none. */
  last: { partition: number; offset: number } | null;
}

export interface Comparison {
  /** How many rows the database has, and how many the topic's records result in. */
  rows: { database: number; topic: number };
  /** Sums over all rows, which do not depend on their order. Equal rows have equal sums. */
  hash: { database: string; topic: string };
  differing: number;
  /** How many rows the topic cannot have, for a known reason. */
  untold: number;
  /** The first differences, and the first rows that the topic cannot have. */
  mismatches: Mismatch[];
  /** How many rows the topic cannot have, by reason. */
  reasons: Map<Untold, number>;
  /** Places of columns that some record leaves out. */
  absent: Set<number>;
  /** How many rows that only the topic has had their last record from an earlier table of that name. */
  stale: number;
}

/** What the topic's records say beside its rows. */
export interface Circumstances {
  /** Whether the last record of a key is its row. Otherwise equal rows are counted. */
  keyed: boolean;
  byColumn: boolean;
  /** Rows of the topic's side that got another key. */
  moves: Moves;
  /** Whether the topic has all changes since the table was empty. */
  complete: boolean;
  /** How many rows of the topic have a key from which today's key cannot be made. */
  rekeyed: number;
  /** Whether all records have the same columns. It matters for rows without a key. */
  steady: boolean;
  /** By partition the last record of an earlier table of that name. */
  earlierUpTo: ReadonlyMap<number, number>;
}

const SHOWN = 10;

export function compare(database: SpillFile, topic: SpillFile, circumstances: Circumstances): Comparison {
  const comparison = new Comparing({
    ...circumstances,
    steady: circumstances.steady && database.rewritten === 0,
  });
  for (let part = 0; part < database.parts; part++) {
    const told = circumstances.keyed ? lastOf(topic.rowsOf(part), circumstances.moves) : countsOf(topic.rowsOf(part));
    comparison.add(countsOf(database.rowsOf(part)), told);
  }
  return comparison.result();
}

class Comparing {
  private readonly rows = { database: 0, topic: 0 };
  private readonly sums = { database: 0n, topic: 0n };
  private differing = 0;
  private readonly shown: { certain: Mismatch[]; untold: Mismatch[] } = { certain: [], untold: [] };
  private readonly reasons = new Map<Untold, number>();
  private readonly absent = new Set<number>();
  private stale = 0;

  constructor(private readonly circumstances: Circumstances) {}

  add(database: Folded, topic: Folded): void {
    for (const [key, row] of database) {
      this.count("database", key, row);
      const other = topic.get(key);
      if (other === undefined) this.mismatch(key, "only in the database", this.whyMissing(), null);
      else if (this.circumstances.keyed) this.compareRows(key, row, other);
      else if (row.count !== other.count)
        this.mismatch(key, "different", this.whyUncounted(row.count > other.count), other);
    }
    for (const [key, row] of topic) {
      this.count("topic", key, row);
      if (database.has(key)) continue;
      this.mismatch(
        key,
        "only in the topic",
        this.circumstances.keyed ? undefined : this.whyUncounted(row.count < 0),
        row,
      );
      if (row.offset <= (this.circumstances.earlierUpTo.get(row.partition) ?? -1)) this.stale++;
    }
  }

  result(): Comparison {
    const { certain, untold } = this.shown;
    return {
      rows: this.rows,
      hash: { database: hex(this.sums.database), topic: hex(this.sums.topic) },
      differing: this.differing,
      untold: [...this.reasons.values()].reduce((sum, count) => sum + count, 0),
      mismatches: [...certain, ...untold].slice(0, SHOWN),
      reasons: this.reasons,
      absent: this.absent,
      stale: this.stale,
    };
  }

  private compareRows(key: string, row: HeldRow, other: HeldRow): void {
    const { byColumn, complete } = this.circumstances;
    // The table's key was changed after these records, so no record says which of the rows it is of.
    if (row.count > 1) return this.mismatch(key, "different", undefined, other);
    if (row.hashes === other.hashes) return;
    let why: Untold | undefined = row.rewritten ? "rewritten" : undefined;
    if (byColumn) {
      const { different, absent, unchanged } = differingColumns(row.hashes, other.hashes);
      if (different.length + absent.length + unchanged.length === 0) return;
      if (different.length === 0 && unchanged.length > 0 && !complete) why = "removed";
      else if (different.length + unchanged.length === 0) why = "absent";
      if (why === "absent") for (const at of absent) this.absent.add(at);
    }
    this.mismatch(key, "different", why, other);
  }

  private whyMissing(): Untold | undefined {
    const { keyed, complete, rekeyed } = this.circumstances;
    if (!keyed) return this.whyUncounted(true);
    if (!complete) return "removed";
    return rekeyed > 0 ? "rekeyed" : undefined;
  }

  /** @param isFewer whether the topic has fewer of these rows: removed records may have had more of them, and never fewer */
  private whyUncounted(isFewer: boolean): Untold | undefined {
    const { steady, complete, rekeyed } = this.circumstances;
    if (!steady) return "unfollowed";
    if (!isFewer) return undefined;
    if (!complete) return "removed";
    return rekeyed > 0 ? "rekeyed" : undefined;
  }

  private mismatch(key: string, kind: Mismatch["kind"], untold: Untold | undefined, told: HeldRow | null): void {
    if (untold === undefined) this.differing++;
    else this.reasons.set(untold, (this.reasons.get(untold) ?? 0) + 1);
    const list = untold === undefined ? this.shown.certain : this.shown.untold;
    if (list.length >= SHOWN) return;
    const last = told && { partition: told.partition, offset: told.offset };
    list.push({ key: Buffer.from(key, "latin1").toString("hex"), kind, untold, last });
  }

  private count(side: "database" | "topic", key: string, { hashes, count }: HeldRow): void {
    this.rows[side] += count;
    this.sums[side] += digestOf(key, hashes) * BigInt(count);
  }
}

function hex(sum: bigint): string {
  return BigInt.asUintN(64, sum).toString(16).padStart(16, "0");
}
