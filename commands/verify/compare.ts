/** Both sides' rows, key by key. */
import { countsOf, type Folded, type HeldRow, lastOf } from "./rows/fold";
import { differingColumns, digestOf } from "./rows/hashes";
import type { Moves } from "./moves";
import type { SpillFile } from "./rows/spill-file";

/** Why the topic cannot tell what became of a row, though nothing was lost. */
export type Untold =
  /** Records that told it, or parts of it, are no longer there, or never were. */
  | "removed"
  /** Its last record does not know a column that the table has. */
  | "absent"
  /** ALTER TABLE wrote it, which is not logged. */
  | "rewritten"
  /** Records that told it have another key, and nothing of the columns of today's. */
  | "rekeyed"
  /** It has no key by which it could be followed across a change of the columns. */
  | "unfollowed";

/** A key, or where there is none a row, that is not the same on both sides. */
export interface Mismatch {
  /** Hash of the key, hexadecimal. */
  key: string;
  kind: "only in the database" | "only in the topic" | "different";
  /** undefined: it is a difference. */
  untold: Untold | undefined;
  /** Where the topic tells it last; null: nowhere. */
  offset: number | null;
}

export interface Comparison {
  /** Rows in the database, and rows that the topic comes to. */
  rows: { database: number; topic: number };
  /** Sums over all rows, the same in whatever order they come: equal where the rows are. */
  hash: { database: string; topic: string };
  differing: number;
  /** Those of which the topic cannot tell. */
  untold: number;
  /** The first of either. */
  mismatches: Mismatch[];
  /** Of the latter, by reason. */
  reasons: Map<Untold, number>;
  /** Places of columns that are not told. */
  absent: Set<number>;
  /** How many rows are only in the topic since a record at such an offset, or one before it. */
  stale: number;
}

/** What is known of the topic's side beside its rows. */
export interface Circumstances {
  /** Whether a key has one row, its last; else rows are counted. */
  keyed: boolean;
  byColumn: boolean;
  /** Rows of the topic's side that got another key. */
  moves: Moves;
  /** Whether the topic tells all since the table was empty. */
  complete: boolean;
  /** Rows that the topic told by a key from which today's does not follow. */
  rekeyed: number;
  /** Whether the rows' columns have been the same all the time; of importance where they have no key. */
  steady: boolean;
  /** Last record of an earlier table of that name; -1: none. */
  earlierUpTo: number;
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
        this.mismatch(key, "different", this.whyUncounted(row.count > other.count), other.offset);
    }
    for (const [key, row] of topic) {
      this.count("topic", key, row);
      if (database.has(key)) continue;
      this.mismatch(
        key,
        "only in the topic",
        this.circumstances.keyed ? undefined : this.whyUncounted(row.count < 0),
        row.offset,
      );
      if (row.offset <= this.circumstances.earlierUpTo) this.stale++;
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
    // The key has become another one since its last record, and a row is told by nobody.
    if (row.count > 1) return this.mismatch(key, "different", undefined, other.offset);
    if (row.hashes === other.hashes) return;
    let why: Untold | undefined = row.rewritten ? "rewritten" : undefined;
    if (byColumn) {
      const { different, absent, unchanged } = differingColumns(row.hashes, other.hashes);
      if (different.length + absent.length + unchanged.length === 0) return;
      if (different.length === 0 && unchanged.length > 0 && !complete) why = "removed";
      else if (different.length + unchanged.length === 0) why = "absent";
      if (why === "absent") for (const at of absent) this.absent.add(at);
    }
    this.mismatch(key, "different", why, other.offset);
  }

  private whyMissing(): Untold | undefined {
    const { keyed, complete, rekeyed } = this.circumstances;
    if (!keyed) return this.whyUncounted(true);
    if (!complete) return "removed";
    return rekeyed > 0 ? "rekeyed" : undefined;
  }

  /** @param isFewer whether the topic has fewer of the row: what is gone may have told more, never less */
  private whyUncounted(isFewer: boolean): Untold | undefined {
    const { steady, complete, rekeyed } = this.circumstances;
    if (!steady) return "unfollowed";
    if (!isFewer) return undefined;
    if (!complete) return "removed";
    return rekeyed > 0 ? "rekeyed" : undefined;
  }

  private mismatch(key: string, kind: Mismatch["kind"], untold: Untold | undefined, offset: number | null): void {
    if (untold === undefined) this.differing++;
    else this.reasons.set(untold, (this.reasons.get(untold) ?? 0) + 1);
    const list = untold === undefined ? this.shown.certain : this.shown.untold;
    if (list.length < SHOWN) list.push({ key: Buffer.from(key, "latin1").toString("hex"), kind, untold, offset });
  }

  private count(side: "database" | "topic", key: string, { hashes, count }: HeldRow): void {
    this.rows[side] += count;
    this.sums[side] += digestOf(key, hashes) * BigInt(count);
  }
}

function hex(sum: bigint): string {
  return BigInt.asUintN(64, sum).toString(16).padStart(16, "0");
}
