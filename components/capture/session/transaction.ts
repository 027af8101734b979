/** The transaction in which a capture, or its end, is applied. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";

/** How long an apply tries to get its locks, in milliseconds. */
const LOCKS_MS = 15_000;
const PAUSE_MS = 100;

/**
 * Half a second, less than `deadlock_timeout` (1 s): a longer wait with locks of its own could deadlock with an application, whose statement
 * Postgres might then fail. Autovacuum releases its lock to a transaction that has waited for `deadlock_timeout`, so the wait is longer where
 * one may run. The role does not see other users' processes, so the lock mode tells.
 */
const LOCK_TIMEOUT =
  "SELECT set_config('lock_timeout', CASE WHEN EXISTS (SELECT FROM pg_locks WHERE mode = 'ShareUpdateExclusiveLock') THEN '3s' ELSE '500ms' END, true)";

/** Lets one capture at a time apply. */
const ALONE = "SELECT pg_advisory_xact_lock(hashtext('cdc:capture'))";

/**
 * Runs `work` in a transaction. Where an application holds a lock, the transaction is rolled back and begun again.
 *
 * @throws what Postgres said when a lock is still held after 15 s
 */
export async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + LOCKS_MS;
  for (;;) {
    try {
      for (const sql of ["BEGIN", LOCK_TIMEOUT, ALONE]) await client.query(sql);
      const result = await work();
      await client.query("COMMIT");
      return result;
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      if (!isHeld(error as { code?: string }) || Date.now() > until) throw error;
    }
    await sleep(PAUSE_MS);
  }
}

/** Whether a lock timed out, or Postgres ended this transaction to resolve a deadlock. */
function isHeld({ code }: { code?: string }): boolean {
  return code === "55P03" || code === "40P01";
}
