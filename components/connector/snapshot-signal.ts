import { tablePattern } from "./table-patterns";

/** What is written into the signal table to have a table's rows read. */
export interface SnapshotSignal {
  type: "incremental" | "blocking";
  "data-collections": [table: string];
}

/**
 * The signal that has Debezium read one table: beside the stream, chunk by chunk by primary key, or while the stream waits,
 * where there is no key or its name is none that an incremental snapshot can keep. Its progress is kept in the offset
 * with the name as it is, which is parsed when the task starts: one with a blank, a dot or a quote fails it (3.7.0).
 *
 * @param table `schema.table` as the database has it
 */
export function snapshotSignal(table: string, hasKey: boolean): SnapshotSignal {
  const [, schema, name] = KEPT.exec(table) ?? [];
  // Both take expressions. The quotes match no table's name, and then Debezium takes what they hold for one.
  return hasKey && schema && name
    ? { type: "incremental", "data-collections": [`"${schema}"."${name}"`] }
    : { type: "blocking", "data-collections": [tablePattern(table)] };
}

const KEPT = /^([\p{L}\p{N}_$-]+)\.([\p{L}\p{N}_$-]+)$/u;
