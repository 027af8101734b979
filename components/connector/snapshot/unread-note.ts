/**
 * Which tables' rows are still to be read, noted in the signal table. Pulumi's state has the same; a note outlives a state that is lost, so that the `up` that
 * takes the connector over reads them.
 */
import { notesTable, UNREAD } from "../../capture/tables/unread";
import { sqlName } from "../../names/sql-name";
import { withDatabase } from "../slot/connector-session";
import { namedTables } from "../slot/source";
import { canRead } from "./added-tables";
import type { ConnectorInputs } from "../connector-types";

/** The note's id. Debezium gets the row as a signal, and writes it into its log. */
const ID = "unread-tables";

interface Note {
  message: string;
  tables: string[];
}

/**
 * Notes the tables in place of those that were noted before; none: takes the note away. The capture's own notes no longer tell of other tables then. What is
 * noted helps a later apply, and who looks at the stack, so that no failure ends this apply.
 *
 * @param unreadable tables whose rows this connector never reads by itself: what the capture has noted of them stays, until a later apply
 */
export async function noteUnread(
  inputs: ConnectorInputs,
  tables: readonly string[],
  unreadable: readonly string[] = [],
): Promise<void> {
  const { database } = inputs;
  const signals = inputs.config["signal.data.collection"];
  if (signals === undefined || database === undefined || (tables.length > 0 && !canRead(inputs))) return;
  const table = sqlName(String(signals));
  const note: Note = { message: `Existing rows are to be read: ${tables.join(", ")}`, tables: [...tables] };
  const sql = tables.length === 0 ? "" : `INSERT INTO ${table} (id, type, data) VALUES ('${ID}', 'log', $1)`;
  await withDatabase(database, async (client) => {
    await client.query(`DELETE FROM ${table} WHERE id = '${ID}'`);
    if (sql !== "") await client.query(sql, [JSON.stringify(note)]);
    await client.query(readSql(String(signals)), [[...tables, ...unreadable]]);
  }).catch(() => undefined);
}

/** The connector's tables that an earlier apply has left unread; none where nothing is noted, or the database does not tell. */
export async function notedUnread(inputs: ConnectorInputs): Promise<string[]> {
  if (!canRead(inputs)) return [];
  const table = sqlName(String(inputs.config["signal.data.collection"]));
  const sql = `SELECT data FROM ${table} WHERE id = '${ID}'`;
  const noted = await withDatabase(inputs.database!, async (client) => {
    const [row] = (await client.query<{ data: string }>(sql)).rows;
    return row === undefined ? [] : (JSON.parse(row.data) as Note).tables;
  }).catch(() => []);
  const named = namedTables(inputs.config);
  return noted.filter((each) => named.includes(each));
}

/** The statement that notes all tables but those of its parameter as read. The connector's role may run it. */
export function readSql(signalTable: string): string {
  return `UPDATE ${sqlName(notesTable(signalTable))} SET untold = NULL WHERE untold = '${UNREAD}' AND schema || '.' || name <> ALL ($1::text[])`;
}
