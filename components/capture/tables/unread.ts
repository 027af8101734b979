/** Captured tables whose existing rows the connector has still to read. Its provider says when it has, so this room is small: it is packed with it. */

/** The table in which a capture notes what it has captured, beside its signal table: `debezium.captured`. */
export function notesTable(signalTable: string): string {
  return `${signalTable.slice(0, signalTable.indexOf("."))}.captured`;
}

/** What the notes' column `untold` has of such a table. Whatever else happens to it meanwhile takes its place. */
export const UNREAD = "unread";
