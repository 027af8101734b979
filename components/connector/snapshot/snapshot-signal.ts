import { tablePattern } from "../config/table-patterns";
import type { TableLook } from "./table-look";

/** The `data` of a signal that asks for a snapshot of tables. */
export interface SnapshotSignal {
  /** `incremental`: chunk by chunk by primary key while the stream goes on. `blocking`: while the stream waits. */
  type: "incremental" | "blocking";
  "data-collections": string[];
}

/** Rows in a chunk of an incremental snapshot. Debezium reads a chunk into memory, compares it with the stream, then sends it. */
export const CHUNK_ROWS = 4096;

/** A table of up to so many bytes is read in a few seconds, so the stream may wait: a blocking snapshot is at least twice as fast. */
export const BRIEF_BYTES = 64 * 1024 * 1024;
/** With an average row of so many bytes or more, a chunk would take much of the worker's memory. */
const WIDE_ROW_BYTES = 32 * 1024;

/**
 * The signals that have one table read, the best first. The last is a blocking one, which reads every table.
 *
 * @param table `schema.table` as the database has it
 */
export function snapshotSignals(table: string, look: TableLook): SnapshotSignal[] {
  const blocking: SnapshotSignal = { type: "blocking", "data-collections": [tablePattern(table)] };
  const isLarge = look.hasKey && look.bytes > BRIEF_BYTES && look.rowBytes < WIDE_ROW_BYTES;
  const beside = isLarge ? besideSignal(table) : undefined;
  return beside === undefined ? [blocking] : [beside, blocking];
}

/** The signal for an incremental snapshot of a table; undefined where the table's name does not allow one. */
export function besideSignal(table: string): SnapshotSignal | undefined {
  const [, schema, name] = KEPT.exec(table) ?? [];
  if (!schema || !name) return undefined;
  // Debezium takes the entry for a regular expression. With the quotes it matches no table, and Debezium then takes it for a quoted name.
  return { type: "incremental", "data-collections": [`"${schema}"."${name}"`] };
}

/** The signal for one blocking snapshot of several tables. */
export function togetherSignal(tables: readonly string[]): SnapshotSignal {
  return { type: "blocking", "data-collections": tables.map(tablePattern) };
}

/** Pure: the small tables in batches of up to `BRIEF_BYTES`, one signal each. A table that would be alone in its batch is left out. */
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
 * Table names that an incremental snapshot can have. Debezium writes the name into its offset as it is, and parses it when the task
 * starts: a name with a blank, a dot or a quote fails the task (3.7.0).
 */
const KEPT = /^([\p{L}\p{N}_$-]+)\.([\p{L}\p{N}_$-]+)$/u;
