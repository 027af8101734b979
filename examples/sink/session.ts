/** The transaction in which a batch is copied: what its session has to have, whatever the second database is set to. */
import type { Pool } from "pg";

/** Settings by which values are read, and rows are found; each server, database and role may have others. */
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lc_monetary = 'C'; SET LOCAL array_nulls = on;
  SET LOCAL xmloption = content; SET LOCAL row_security = off`;
/** As for Postgres' own replication: foreign keys and triggers, which have had their effect in the captured database, do nothing here. */
const AS_REPLICA = `${BEGIN}; SET LOCAL session_replication_role = replica`;
const NOT_ALLOWED = "42501";

/** @returns the statements that begin a transaction; those of a replica where this user may have them */
export async function beginning(pool: Pool): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query(AS_REPLICA);
    await client.query("ROLLBACK");
    client.release();
    return AS_REPLICA;
  } catch (error) {
    client.release(true);
    if ((error as { code?: string }).code === NOT_ALLOWED) return BEGIN;
    throw error;
  }
}
