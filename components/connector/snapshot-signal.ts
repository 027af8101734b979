import { tablePattern } from "./table-patterns";

/** What is written into the signal table to have a table's rows read. */
export interface SnapshotSignal {
  type: "incremental" | "blocking";
  "data-collections": [table: string];
}

/**
 * The signal that has Debezium read one table: beside the stream, chunk by chunk by primary key, or, without one, while
 * the stream waits. Both take regular expressions. What an incremental snapshot's matches is parsed once more as a name,
 * where blanks and dots end it, so it gets the name in quotes, which matches nothing and is taken as it is (3.7.0). A
 * name that would mean something as an expression, or that the parser alters, is read while the stream waits.
 *
 * @param table `schema.table` as the database has it; the schema holds no dot
 */
export function snapshotSignal(table: string, hasKey: boolean): SnapshotSignal {
  if (!hasKey || /[()[\]{}+?|*\\]|''|``/.test(table)) {
    return { type: "blocking", "data-collections": [tablePattern(table)] };
  }
  const dot = table.indexOf(".");
  const quoted = [table.slice(0, dot), table.slice(dot + 1)].map((name) => `"${name.replaceAll('"', '""')}"`);
  return { type: "incremental", "data-collections": [quoted.join(".")] };
}
