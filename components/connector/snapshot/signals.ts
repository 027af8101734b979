import { randomUUID } from "node:crypto";
import type { ClientBase } from "pg";
import { sqlName } from "../../names/sql-name";
import type { SnapshotSignal } from "./snapshot-signal";
import { withDatabase } from "../slot/connector-session";
import type { SourceDatabase } from "../connector-types";

/** Prefix of the ids of the resource's own signals. It leaves all others alone. */
const OURS = "cdc-";

/** Where the signal table is. */
export interface Signals {
  database: SourceDatabase;
  /** `schema.table`, as in `signal.data.collection`. */
  table: string;
}

/** A signal that the resource has written into the table. */
export interface SentSignal {
  id: string;
  /** The log's end after the signal, in bytes from the log's beginning: a connector that has read so far has seen the signal. */
  at: bigint;
}

/**
 * Writes a signal into the signal table. Debezium gets it from the stream.
 *
 * @param note what the next apply has to know, should this one not see the end. Debezium reads past it.
 */
export async function send(signals: Signals, signal: SnapshotSignal, note?: SignalNote): Promise<SentSignal> {
  const id = OURS + randomUUID();
  const sql = `INSERT INTO ${sqlName(signals.table)} (id, type, data) VALUES ($1, 'execute-snapshot', $2)`;
  return withDatabase(signals.database, async (client) => {
    await client.query(sql, [id, JSON.stringify(note === undefined ? signal : { ...signal, cdc: note })]);
    return { id, at: await endOfLog(client) };
  });
}

/** What a signal for a blocking snapshot says beside it, since nothing in the snapshot's notifications names the signal. */
export interface SignalNote {
  /** The offset behind the last notification before it. */
  after: number;
  /** The tables' ids: see `ConnectorInputs.tableIds`. */
  ids: Readonly<Record<string, string>>;
}

/** The end of the database's log, in bytes from its beginning. */
export async function endOfLog(client: ClientBase): Promise<bigint> {
  const { rows } = await client.query<{ at: string }>("SELECT pg_current_wal_lsn() - '0/0' AS at");
  return BigInt(rows[0]!.at);
}

/** The resource's own signals that a killed or failed `up` has left in the table. */
export async function leftSignals(signals: Signals): Promise<{ id: string; data: string }[]> {
  const sql = `SELECT id, data FROM ${sqlName(signals.table)} WHERE starts_with(id, $1)`;
  return (await withDatabase(signals.database, (client) => client.query(sql, [OURS]))).rows as {
    id: string;
    data: string;
  }[];
}

/** How many chunks' windows Debezium has opened in the signal table and not closed. The two rows of a chunk share an id but for its ending (3.7.0). */
export async function openWindows(signals: Signals): Promise<number> {
  const table = sqlName(signals.table);
  const sql =
    `SELECT count(*)::int AS open FROM ${table} opened WHERE type = 'snapshot-window-open' AND NOT EXISTS ` +
    `(SELECT FROM ${table} closed WHERE closed.id = regexp_replace(opened.id, '-open$', '-close'))`;
  const { rows } = await withDatabase(signals.database, (client) => client.query(sql));
  return (rows[0] as { open: number }).open;
}

/**
 * Deletes the resource's own signals, and the two rows that Debezium writes for each chunk. Not to be called while a chunk is being read:
 * the DELETE of its row would close the chunk's window.
 */
export async function clearSignals(signals: Signals): Promise<void> {
  const sql = `DELETE FROM ${sqlName(signals.table)} WHERE starts_with(id, $1) OR type IN ('snapshot-window-open', 'snapshot-window-close')`;
  await withDatabase(signals.database, (client) => client.query(sql, [OURS]));
}
