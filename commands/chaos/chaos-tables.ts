/** The tables that the writer writes to. */

/** The table that most transactions change. */
export const ROWS = "public.rows";
/** The table that is truncated now and then. */
export const SIDE = "public.side";
export const TABLES = [ROWS, SIDE] as const;
/** `cdc:topicPrefix` of the stack under test. */
export const PREFIX = "cdctest";
export type Table = (typeof TABLES)[number];

/** The SQL that makes the tables. It also allows prepared transactions, for which the stack has no setting. */
export const INIT_SQL = [
  "alter system set max_prepared_transactions = 8;",
  ...TABLES.map((table) => `create table ${table} (id bigint primary key, version bigint not null, note text);`),
  "",
].join("\n");
