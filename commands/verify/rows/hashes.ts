/** Rows as hashes of one length: ten million of them fit into a file, and a part of them into memory. */
import { createHash } from "node:crypto";
import type { Canon } from "../values/forms";

/** An update left the column as it was, and its record leaves it out. */
export const UNCHANGED: unique symbol = Symbol("unchanged");
/** The record lacks the column, since it is older than the column or the column's name. */
export const ABSENT: unique symbol = Symbol("absent");

/** The value of a column in a record, or why the record has none. */
export type ColumnValue = Canon | typeof UNCHANGED | typeof ABSENT;

export const KEY_BYTES = 16;
const BYTES = 8;

/** In place of a column's hash; as texts of a character for each byte. */
const UNCHANGED_MARK = "\0".repeat(BYTES);
const ABSENT_MARK = "\xff".repeat(BYTES);
const NULL_HASH = md5("null").toString("latin1", 0, BYTES);

/**
 * How the rows of a table are hashed. A row is hashed as a whole, which is a fifth of the work, or by column. The latter is needed when a
 * record lacks columns, or when the key changes.
 */
export class RowHashes {
  constructor(
    private readonly columns: number,
    readonly byColumn: boolean,
  ) {}

  /** Bytes of a row's hashes. */
  get bytes(): number {
    return this.byColumn ? BYTES * this.columns : BYTES;
  }

  of(values: readonly ColumnValue[]): Buffer {
    if (!this.byColumn) return md5(JSON.stringify(values)).subarray(0, BYTES);
    return Buffer.from(values.map(columnHash).join(""), "latin1");
  }

  /** @param places of the key's columns; empty: the whole row */
  keyOf(values: readonly ColumnValue[], places: readonly number[]): Buffer {
    if (this.byColumn) return keyOfHashes(values.map(columnHash).join(""), places)!;
    return md5(JSON.stringify(places.length === 0 ? values.map(known) : places.map((at) => known(values[at]!))));
  }
}

/**
 * The key of a row that is hashed by column. In a whole row, a column that the record lacks counts as NULL.
 *
 * @param hashes a character for each byte
 * @returns undefined when the record lacks a column of the key
 */
export function keyOfHashes(hashes: string, places: readonly number[]): Buffer | undefined {
  const all = columnsOf(hashes);
  const parts =
    places.length === 0 ? all.map((hash) => (hash === ABSENT_MARK ? NULL_HASH : hash)) : places.map((at) => all[at]!);
  return parts.some((hash) => hash === UNCHANGED_MARK || hash === ABSENT_MARK) ? undefined : md5(parts.join(""));
}

/** A key with a column that the table does not have. */
export function rawKey(key: Buffer): Buffer {
  return createHash("md5").update(key).digest();
}

/** The hashes of a row; those of columns that the update left unchanged come from the row before. Both have a character for each byte. */
export function filledFrom(hashes: string, earlier: string | undefined): string {
  if (earlier === undefined || !hashes.includes(UNCHANGED_MARK)) return hashes;
  const before = columnsOf(earlier);
  return columnsOf(hashes)
    .map((hash, at) => (hash === UNCHANGED_MARK ? before[at]! : hash))
    .join("");
}

/** Places where two rows that are hashed by column differ, by what the topic's side has there. */
export function differingColumns(
  database: string,
  topic: string,
): Record<"different" | "absent" | "unchanged", number[]> {
  const found: ReturnType<typeof differingColumns> = { different: [], absent: [], unchanged: [] };
  const other = columnsOf(topic);
  columnsOf(database).forEach((hash, at) => {
    const told = other[at]!;
    if (told === hash || (told === ABSENT_MARK && hash === NULL_HASH)) return;
    found[told === ABSENT_MARK ? "absent" : told === UNCHANGED_MARK ? "unchanged" : "different"].push(at);
  });
  return found;
}

/** A digest of a row's key and hashes. Equal rows have equal digests; a column that a record lacks counts as NULL. */
export function digestOf(key: string, hashes: string): bigint {
  const bytes = Buffer.from(
    key.slice(0, BYTES) +
      (hashes.includes(ABSENT_MARK)
        ? columnsOf(hashes)
            .map((hash) => (hash === ABSENT_MARK ? NULL_HASH : hash))
            .join("")
        : hashes),
    "latin1",
  );
  let sum = 0n;
  for (let at = 0; at < bytes.length; at += BYTES)
    sum = BigInt.asUintN(64, (sum * 0x100000001b3n) ^ bytes.readBigUInt64LE(at));
  return sum;
}

function columnsOf(hashes: string): string[] {
  return Array.from({ length: hashes.length / BYTES }, (_, at) => hashes.slice(at * BYTES, (at + 1) * BYTES));
}

function columnHash(value: ColumnValue): string {
  if (value === UNCHANGED) return UNCHANGED_MARK;
  return value === ABSENT ? ABSENT_MARK : md5(JSON.stringify(value)).toString("latin1", 0, BYTES);
}

function known(value: ColumnValue): Canon {
  if (value === UNCHANGED) throw new Error("a row whose record leaves a column out is hashed by column");
  return value === ABSENT ? null : value;
}

function md5(text: string): Buffer {
  return createHash("md5").update(text).digest();
}
