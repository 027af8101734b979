/** Captured tables whose existing rows the connector has still to read. Its provider says when it has, so this room is small: it is packed with it. */
import { sqlName } from "../../names/sql-name";

/** The table in which a capture notes what it has captured, beside its signal table: `debezium.captured`. */
export function notesTable(signalTable: string): string {
  return `${signalTable.slice(0, signalTable.indexOf("."))}.captured`;
}

/** What the notes' column `untold` has of such a table. Whatever else happens to it meanwhile takes its place. */
export const UNREAD = "unread";

/** The statement that notes all tables but those of its parameter as read. The connector's role may run it. */
export function readSql(signalTable: string): string {
  return `UPDATE ${sqlName(notesTable(signalTable))} SET untold = NULL WHERE untold = '${UNREAD}' AND schema || '.' || name <> ALL ($1::text[])`;
}
