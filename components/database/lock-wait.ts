import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { poll } from "../poll";
import { heldUp, heldWords } from "./blockers";

/** Waiting longer for a lock might make Postgres resolve a deadlock at the application's cost: the lock is given up, and tried again. */
const LOCK_MS = 500;

/**
 * Does the work on a connection once nobody holds a lock that it needs.
 *
 * @param other another session of the database, which looks who that is
 * @param what it is that waits
 * @throws when somebody holds it until the deadline, with who that is
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
      // Who holds it is to be seen only while it is waited for.
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
