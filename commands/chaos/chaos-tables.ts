/** The tables that the writer writes to. */

/** What most transactions change. */
export const ROWS = "public.rows";
/** What is truncated now and then. */
export const SIDE = "public.side";
export const TABLES = [ROWS, SIDE] as const;
/** What their topics are called after. */
export const PREFIX = "cdctest";
export type Table = (typeof TABLES)[number];

/** What the database is made with. Prepared transactions have no setting in the stack, so they are allowed here. */
export const INIT_SQL = [
  "alter system set max_prepared_transactions = 8;",
  ...TABLES.map((table) => `create table ${table} (id bigint primary key, version bigint not null, note text);`),
  "",
].join("\n");
