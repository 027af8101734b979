import { splitTable, sqlName } from "../../names/sql-name";
import { withDatabase } from "../slot/connector-session";
import type { SourceDatabase } from "../connector-types";

/** A table that is about to be read. */
export interface TableLook {
  /** Whether it has a primary key that holds at every moment: a deferrable one is none to Debezium here. */
  hasKey: boolean;
  /** Bytes of its rows, partitions included; indexes are not read. */
  bytes: number;
  /** Bytes of a row, on average. */
  rowBytes: number;
  /** Its rows; `undefined` where counting them takes too long. */
  rows?: number;
}

/** Milliseconds in which counting a table's rows has to end: it is for a check and a figure to show. */
const COUNT_MS = 5000;

const LOOK_SQL = `SELECT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate) AS keyed,
    (SELECT sum(pg_table_size(p.relid)) FROM pg_partition_tree(c.oid) p WHERE p.isleaf) AS parts, pg_table_size(c.oid) AS own,
    (SELECT sum(l.reltuples) FROM pg_partition_tree(c.oid) p JOIN pg_class l ON l.oid = p.relid WHERE p.isleaf) AS estimated
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`;

interface LookRow {
  keyed: boolean;
  parts: string | null;
  own: string;
  estimated: number | null;
}

/**
 * @param table `schema.table` as the database has it
 * @returns `undefined` when there is none of that name
 */
export async function lookAtTable(database: SourceDatabase, table: string): Promise<TableLook | undefined> {
  const { rows } = await withDatabase(database, (client) => client.query(LOOK_SQL, splitTable(table)));
  const row = rows[0] as LookRow | undefined;
  if (!row) return undefined;
  const counted = await rowsOf(database, table);
  const bytes = Number(row.parts ?? row.own);
  return {
    hasKey: row.keyed,
    bytes,
    rowBytes: bytes / Math.max(counted ?? row.estimated ?? 1, 1),
    ...(counted === undefined ? {} : { rows: counted }),
  };
}

/** The table's rows now; `undefined` where counting takes too long. */
export async function rowsOf(database: SourceDatabase, table: string): Promise<number | undefined> {
  const count = withDatabase({ ...database, statement_timeout: COUNT_MS }, async (client) => {
    const { rows } = await client.query(`SELECT count(*) FROM ${sqlName(table)}`);
    return Number((rows[0] as { count: string }).count);
  });
  return count.catch(() => undefined);
}

/** What the database says to the connector's role when it reads the table; `undefined` when it gives rows. */
export async function whyUnreadable(database: SourceDatabase, table: string): Promise<string | undefined> {
  return withDatabase({ ...database, statement_timeout: COUNT_MS }, async (client) => {
    await client.query(`SELECT * FROM ${sqlName(table)} LIMIT 1`);
    return undefined;
  }).catch((error: Error) => error.message);
}
