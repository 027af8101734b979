/** The transaction in which a capture, or its end, is applied. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";

/** So long is a lock waited for in all. */
const LOCKS_MS = 15_000;
const PAUSE_MS = 100;

/**
 * Who waits for a lock longer than this, with locks of its own, may be the other side of an application's deadlock: that one looks after `deadlock_timeout`, 1 s, and its
 * statement fails. Autovacuum gives way to whoever has waited for that time, so there it is longer; other users' processes are not seen, their locks are.
 */
const LOCK_TIMEOUT =
  "SELECT set_config('lock_timeout', CASE WHEN EXISTS (SELECT FROM pg_locks WHERE mode = 'ShareUpdateExclusiveLock') THEN '3s' ELSE '500ms' END, true)";

/** One capture at a time. */
const ALONE = "SELECT pg_advisory_xact_lock(hashtext('cdc:capture'))";

/**
 * Does the work in a transaction, which begins anew where an application holds a lock.
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

/** A lock was not to be had, or a deadlock was resolved by this. */
function isHeld({ code }: { code?: string }): boolean {
  return code === "55P03" || code === "40P01";
}
