/** Foreign keys and triggers of a table of the second database: what hinders the copy, and what does nothing there. */
import type { PoolClient } from "pg";

/** Those that would refuse or alter what is copied, and in the session of a replica the triggers that do nothing. `ENABLE ALWAYS` says that a trigger is meant. */
const HINDRANCES = `SELECT 'the foreign key ' || conname AS what, false AS idle FROM pg_constraint
    WHERE contype = 'f' AND $1::regclass IN (conrelid, confrelid) AND current_setting('session_replication_role') <> 'replica'
  UNION ALL SELECT 'the trigger ' || tgname, current_setting('session_replication_role') = 'replica' FROM pg_trigger
    WHERE tgrelid = $1::regclass AND NOT tgisinternal AND tgenabled = 'O'`;
/** A TRUNCATE is refused of a table to which others have a foreign key, also in the session of a replica. */
const REFERENCED =
  "SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = $1::regclass AND conrelid <> confrelid";

export interface Hindrances {
  isReferenced: boolean;
  /** A sentence about triggers that do nothing; undefined: there are none. */
  idle: string | undefined;
}

/**
 * @param name of a table, in SQL
 * @throws for a table with what the copy would be another by
 */
export async function hindrancesOf(client: PoolClient, name: string): Promise<Hindrances> {
  const { rows } = await client.query<{ what: string; idle: boolean }>(HINDRANCES, [name]);
  const named = (idle: boolean): string =>
    rows
      .filter((row) => row.idle === idle)
      .map(({ what }) => what)
      .join(", ");
  if (named(false) !== "")
    throw new Error(
      `${name} has ${named(false)}, by which the copy would be another: let the sink's user leave them out (as a superuser: ` +
        `GRANT SET ON PARAMETER session_replication_role TO the user, from Postgres 15 on) and start the consumer again, or drop them; ENABLE ALWAYS keeps a trigger that is meant`,
    );
  const isReferenced = (await client.query(REFERENCED, [name])).rowCount !== 0;
  const idle =
    named(true) === ""
      ? undefined
      : `${name}: ${named(true)} does nothing for what the sink writes, as in Postgres' own replication; ALTER TABLE … ENABLE ALWAYS TRIGGER has one work that is meant`;
  return { isReferenced, idle };
}
