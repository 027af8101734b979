import { tablePattern } from "../config/table-patterns";
import type { TableLook } from "./table-look";

/** What is written into the signal table to have rows of tables read. */
export interface SnapshotSignal {
  /** Beside the stream, chunk by chunk by primary key, or while the stream waits. */
  type: "incremental" | "blocking";
  "data-collections": string[];
}

/** Rows that a snapshot beside the stream holds in memory at once: a chunk is read, compared with the stream, then sent. */
export const CHUNK_ROWS = 4096;

/** What is read in a few seconds, for which the stream may wait: that is twice as fast as beside it, or more. */
export const BRIEF_BYTES = 64 * 1024 * 1024;
/** The average row from which a chunk of them would be much of the worker's memory. */
const WIDE_ROW_BYTES = 32 * 1024;

/**
 * The signals to have one table read, the first that fits it first; the last is one that reads every table.
 *
 * @param table `schema.table` as the database has it
 */
export function snapshotSignals(table: string, look: TableLook): SnapshotSignal[] {
  const blocking: SnapshotSignal = { type: "blocking", "data-collections": [tablePattern(table)] };
  const isLarge = look.hasKey && look.bytes > BRIEF_BYTES && look.rowBytes < WIDE_ROW_BYTES;
  const beside = isLarge ? besideSignal(table) : undefined;
  return beside === undefined ? [blocking] : [beside, blocking];
}

/** Has a table read beside the stream; undefined where its name does not allow that. */
export function besideSignal(table: string): SnapshotSignal | undefined {
  const [, schema, name] = KEPT.exec(table) ?? [];
  if (!schema || !name) return undefined;
  // Both take expressions. The quotes match no table's name, and then Debezium takes what they hold for one.
  return { type: "incremental", "data-collections": [`"${schema}"."${name}"`] };
}

/** Has tables read one after the other while the stream waits once. */
export function togetherSignal(tables: readonly string[]): SnapshotSignal {
  return { type: "blocking", "data-collections": tables.map(tablePattern) };
}

/** Pure: tables that one signal has read, each with its look, in batches for which the stream may wait; a table alone is not among them. */
export function briefBatches(looks: ReadonlyMap<string, TableLook>): string[][] {
  const batches: string[][] = [];
  let room = 0;
  for (const [table, { bytes }] of looks) {
    if (bytes > BRIEF_BYTES) continue;
    if (bytes > room) {
      batches.push([]);
      room = BRIEF_BYTES;
    }
    batches.at(-1)!.push(table);
    room -= bytes;
  }
  return batches.filter((batch) => batch.length > 1);
}

/**
 * Names that an incremental snapshot can keep: its progress is in the offset with the name as it is, which is parsed when
 * the task starts; one with a blank, a dot or a quote fails it (3.7.0).
 */
const KEPT = /^([\p{L}\p{N}_$-]+)\.([\p{L}\p{N}_$-]+)$/u;
