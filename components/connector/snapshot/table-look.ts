import { splitTable, sqlName } from "../../names/sql-name";
import { withDatabase } from "../slot/connector-session";
import type { SourceDatabase } from "../connector-types";
import { BRIEF_BYTES } from "./snapshot-signal";

/** A table that is about to be read. */
export interface TableLook {
  /** Whether the table has a primary key. A deferrable one does not count, since rows may break it within a transaction. */
  hasKey: boolean;
  /** Bytes of the table's rows, partitions included, indexes not. */
  bytes: number;
  /** Bytes of a row, on average. */
  rowBytes: number;
  /** How many rows the table has; `undefined` where counting them takes too long. */
  rows?: number;
}

/** Milliseconds that counting rows may take. The count is only shown, and compared with the rows that were read. */
const COUNT_MS = 5000;
/** How many tables one statement counts. A locked table leaves them all without a count. */
const COUNTED_AT_ONCE = 50;

/**
 * Postgres' estimate of a table's rows: the larger of the last ANALYZE's and the statistics' count, for a partitioned table the sum of its
 * leaves; 0 where Postgres has none. `pg_partition_tree` has no row for a table that is neither partitioned nor a partition.
 *
 * @param oid SQL of the table's OID
 */
export function estimateSql(oid: string): string {
  return `(SELECT sum(GREATEST(l.reltuples, pg_stat_get_live_tuples(l.oid), 0))::float8 FROM pg_class l
    WHERE l.relkind <> 'p' AND (l.oid = ${oid} OR l.oid IN (SELECT relid FROM pg_partition_tree(${oid}) WHERE isleaf)))`;
}

const LOOK_SQL = `SELECT n.nspname || '.' || c.relname AS name,
    EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate) AS keyed,
    (SELECT sum(pg_table_size(p.relid)) FROM pg_partition_tree(c.oid) p WHERE p.isleaf) AS parts, pg_table_size(c.oid) AS own,
    ${estimateSql("c.oid")} AS estimated
  FROM unnest($1::text[], $2::text[]) AS asked (schema, name)
    JOIN pg_namespace n ON n.nspname = asked.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = asked.name`;

interface LookRow {
  name: string;
  keyed: boolean;
  parts: string | null;
  own: string;
  estimated: number | null;
}

/**
 * Looks at tables by one statement, and counts the rows of small ones. `countedLook` counts those of large ones.
 *
 * @param tables each `schema.table` as the database has it
 * @returns the looks by table, without tables that do not exist
 */
export async function lookAtTables(
  database: SourceDatabase,
  tables: readonly string[],
): Promise<Map<string, TableLook>> {
  const names = tables.map(splitTable);
  const asked = [names.map(([schema]) => schema), names.map(([, name]) => name)];
  const { rows } = await withDatabase(database, (client) => client.query<LookRow>(LOOK_SQL, asked));
  const looks = new Map(
    rows.map(({ name, keyed, parts, own, estimated }): [string, TableLook] => {
      const bytes = Number(parts ?? own);
      return [name, { hasKey: keyed, bytes, rowBytes: bytes / Math.max(estimated ?? 0, 1) }];
    }),
  );
  for (const { name, estimated } of rows) {
    const look = looks.get(name)!;
    if (look.bytes > BRIEF_BYTES && !estimated) looks.set(name, { ...look, rowBytes: await sampled(database, name) });
  }
  const brief = [...looks].filter(([, { bytes }]) => bytes <= BRIEF_BYTES).map(([table]) => table);
  for (const [table, count] of await countRows(database, brief)) looks.set(table, withRows(looks.get(table)!, count));
  return looks;
}

/** The look with the table's row count, where counting does not take too long. */
export async function countedLook(database: SourceDatabase, table: string, look: TableLook): Promise<TableLook> {
  const rows = look.rows ?? (await rowsOf(database, table));
  return rows === undefined ? look : withRows(look, rows);
}

function withRows(look: TableLook, rows: number): TableLook {
  return { ...look, rows, rowBytes: look.bytes / Math.max(rows, 1) };
}

/** How many rows are looked at where Postgres has no estimate of how many there are, as for a table that was attached or restored just now. */
const SAMPLE = 100;

/** Bytes of a row as text, on average of the first rows; 0 where that takes too long. */
async function sampled(database: SourceDatabase, table: string): Promise<number> {
  const sql = `SELECT avg(octet_length(t::text))::float8 AS bytes FROM (SELECT * FROM ${sqlName(table)} LIMIT ${SAMPLE}) t`;
  const { rows } = await withDatabase({ ...database, statement_timeout: COUNT_MS }, (client) =>
    client.query<{ bytes: number | null }>(sql),
  ).catch(() => ({ rows: [] }));
  return rows[0]?.bytes ?? 0;
}

/** Row counts by table, without tables that are not counted in time. */
async function countRows(database: SourceDatabase, tables: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let at = 0; at < tables.length; at += COUNTED_AT_ONCE) {
    const some = tables.slice(at, at + COUNTED_AT_ONCE);
    const sql = some.map((table, n) => `SELECT ${n} AS n, count(*) FROM ${sqlName(table)}`).join(" UNION ALL ");
    const found = await withDatabase({ ...database, statement_timeout: COUNT_MS }, (client) =>
      client.query<{ n: number; count: string }>(sql),
    ).catch(() => ({ rows: [] }));
    for (const { n, count } of found.rows) counts.set(some[n]!, Number(count));
  }
  return counts;
}

/** The table's rows now; `undefined` where counting takes too long. */
export async function rowsOf(database: SourceDatabase, table: string): Promise<number | undefined> {
  return (await countRows(database, [table])).get(table);
}

/** The error that the connector's role gets when it reads the table; `undefined` when it can read it. */
export async function whyUnreadable(database: SourceDatabase, table: string): Promise<string | undefined> {
  return withDatabase({ ...database, statement_timeout: COUNT_MS }, async (client) => {
    await client.query(`SELECT * FROM ${sqlName(table)} LIMIT 1`);
    return undefined;
  }).catch((error: Error) => error.message);
}
