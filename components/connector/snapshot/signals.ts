import { randomUUID } from "node:crypto";
import { sqlName } from "../../names/sql-name";
import type { SnapshotSignal } from "./snapshot-signal";
import { withDatabase } from "../slot/connector-session";
import type { SourceDatabase } from "../connector-types";

/** Begins the id of each signal of ours, so that others' are left alone. */
const OURS = "cdc-";

/** The signal table. */
export interface Signals {
  database: SourceDatabase;
  /** `schema.table`, as in `signal.data.collection`. */
  table: string;
}

/** A signal of ours that is in the table. */
export interface SentSignal {
  id: string;
  /** Where the database's log ended after it, in bytes from its beginning: what has read so far has seen it. */
  at: bigint;
}

/** Writes a signal into the table, through which it comes into the stream. */
export async function send(signals: Signals, signal: SnapshotSignal): Promise<SentSignal> {
  const id = OURS + randomUUID();
  const sql = `INSERT INTO ${sqlName(signals.table)} (id, type, data) VALUES ($1, 'execute-snapshot', $2)`;
  return withDatabase(signals.database, async (client) => {
    await client.query(sql, [id, JSON.stringify(signal)]);
    const { rows } = await client.query("SELECT pg_current_wal_lsn() - '0/0' AS at");
    return { id, at: BigInt((rows[0] as { at: string }).at) };
  });
}

/** Signals of ours that an `up` has left which was killed or failed: their ids by what they say. */
export async function leftSignals(signals: Signals): Promise<{ id: string; data: string }[]> {
  const sql = `SELECT id, data FROM ${sqlName(signals.table)} WHERE starts_with(id, $1)`;
  return (await withDatabase(signals.database, (client) => client.query(sql, [OURS]))).rows as {
    id: string;
    data: string;
  }[];
}

/**
 * Takes away our signals, and the two rows that Debezium writes for each chunk. Not while a chunk is being read: a row
 * that goes closes its window.
 */
export async function clearSignals(signals: Signals): Promise<void> {
  const sql = `DELETE FROM ${sqlName(signals.table)} WHERE starts_with(id, $1) OR type IN ('snapshot-window-open', 'snapshot-window-close')`;
  await withDatabase(signals.database, (client) => client.query(sql, [OURS]));
}
