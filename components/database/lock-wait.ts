import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { poll } from "../poll";
import { heldUp, heldWords } from "./blockers";

/** How long one attempt waits for a lock. After a longer wait, Postgres might end the application's transaction to resolve a deadlock. */
const LOCK_MS = 500;

/**
 * Does the work on a connection once nobody holds a lock that it needs.
 *
 * @param other another session of the database, which looks who holds the lock
 * @param what names the work in the message
 * @throws when the lock is held until the deadline, with who holds it
 */
export async function onceUnlocked<T>(
  client: Client,
  other: Client,
  work: () => Promise<T>,
  { what, deadlineMs }: { what: string; deadlineMs: number },
): Promise<T> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  await client.query(`SET lock_timeout = ${LOCK_MS}`);
  return poll<T>(
    async () => {
      const attempt = work().then(
        (value) => ({ done: true as const, value }),
        (error: Error & { code?: string }) => {
          if (error.code !== "55P03") throw error;
          return undefined;
        },
      );
      // Postgres shows who holds a lock only while somebody waits for it.
      const early = await Promise.race([attempt, sleep(LOCK_MS / 2, undefined, { ref: false })]);
      const held = early ? undefined : await heldUp(other, { pid: rows[0]!.pid });
      return (await attempt) ?? { done: false, seen: held ? heldWords(held, what) : "a lock of somebody's" };
    },
    {
      what: `the locks that ${what} needs`,
      deadlineMs,
      intervalMs: 250,
      remedy: "Commit or end them; then run it again.",
    },
  );
}
