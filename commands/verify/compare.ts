/** Both sides' rows, key by key. */
import { filledFrom, type Row, type RowFile } from "./rows";

/** A key, or where there is none a row, that is not the same on both sides. */
export interface Mismatch {
  /** Hash of the key, hexadecimal. */
  key: string;
  kind: "only in the database" | "only in the topic" | "different";
  /** Where the topic tells it last; null: nowhere. */
  offset: number | null;
}

export interface Comparison {
  /** Rows in the database, and rows that the topic comes to. */
  rows: { database: number; topic: number };
  /** Sums over all rows, the same in whatever order they come: equal where the rows are. */
  hash: { database: string; topic: string };
  differing: number;
  /** The first of them. */
  mismatches: Mismatch[];
}

/** Rows held at once: with two hashes about 100 MB. */
const AT_ONCE = 500_000;
const SHOWN = 10;

/** @param keyed whether a key has one row, its last; else rows are counted */
export function compare(database: RowFile, topic: RowFile, keyed: boolean, atOnce = AT_ONCE): Comparison {
  const parts = Math.max(1, Math.ceil(Math.max(database.rows, topic.rows) / atOnce));
  const total: Comparison = {
    rows: { database: 0, topic: 0 },
    hash: { database: "", topic: "" },
    differing: 0,
    mismatches: [],
  };
  const sums = { database: 0n, topic: 0n };
  for (let part = 0; part < parts; part++) {
    const held = keyed ? lastOf : countsOf;
    add(total, sums, held(database.rowsOf(part, parts)), held(topic.rowsOf(part, parts)), keyed);
  }
  total.hash = { database: hex(sums.database), topic: hex(sums.topic) };
  return total;
}

interface Held {
  /** A character for each byte: a text needs a third of a Buffer's memory. */
  hashes: string;
  offset: number;
  /** How many of them; 1 with a key. */
  count: number;
}

function lastOf(rows: Iterable<Row>): Map<string, Held> {
  const held = new Map<string, Held>();
  for (const row of rows) {
    if (row.kind === "clear") held.clear();
    else {
      const key = row.key.toString("latin1");
      if (row.kind === "drop") held.delete(key);
      else held.set(key, { hashes: filledFrom(row.hashes, held.get(key)?.hashes), offset: row.offset, count: 1 });
    }
  }
  return held;
}

function countsOf(rows: Iterable<Row>): Map<string, Held> {
  const held = new Map<string, Held>();
  for (const row of rows) {
    if (row.kind === "clear") held.clear();
    else {
      const key = row.key.toString("latin1");
      const before = held.get(key)?.count ?? 0;
      const count = before + (row.kind === "drop" ? -1 : 1);
      if (count === 0) held.delete(key);
      else held.set(key, { hashes: row.hashes.toString("latin1"), offset: row.offset, count });
    }
  }
  return held;
}

function add(
  total: Comparison,
  sums: { database: bigint; topic: bigint },
  database: Map<string, Held>,
  topic: Map<string, Held>,
  keyed: boolean,
): void {
  const mismatch = (key: string, kind: Mismatch["kind"], held: Held | undefined): void => {
    total.differing++;
    const hexKey = Buffer.from(key, "latin1").toString("hex");
    if (total.mismatches.length < SHOWN) total.mismatches.push({ key: hexKey, kind, offset: held?.offset ?? null });
  };
  for (const [key, row] of database) {
    total.rows.database += row.count;
    sums.database += digest(key, row);
    const other = topic.get(key);
    if (other === undefined) mismatch(key, "only in the database", undefined);
    else if (keyed ? row.hashes !== other.hashes : row.count !== other.count) mismatch(key, "different", other);
  }
  for (const [key, row] of topic) {
    total.rows.topic += row.count;
    sums.topic += digest(key, row);
    if (!database.has(key)) mismatch(key, "only in the topic", row);
  }
}

function digest(key: string, { hashes, count }: Held): bigint {
  let sum = Buffer.from(key, "latin1").readBigUInt64LE(0);
  const bytes = Buffer.from(hashes, "latin1");
  for (let at = 0; at < bytes.length; at += 8)
    sum = BigInt.asUintN(64, (sum * 0x100000001b3n) ^ bytes.readBigUInt64LE(at));
  return sum * BigInt(count);
}

function hex(sum: bigint): string {
  return BigInt.asUintN(64, sum).toString(16).padStart(16, "0");
}
