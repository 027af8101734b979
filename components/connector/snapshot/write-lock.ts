/** Keeps writers out of a table for the moment in which a TRUNCATE is written into its topic. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { clientOptions } from "../../database/client";
import { sqlName } from "../../names/sql-name";
import { withDatabase } from "../slot/connector-session";
import type { ConnectorInputs, SourceDatabase } from "../connector-types";

/**
 * Gives `work` a session of the connector's role, and the sessions that may lock a table, the best first. The connector's role may read only,
 * and Postgres has no right to lock out writers that does not let its holder write. So the observer is asked first: on a server of the
 * stack's own that is the superuser.
 */
export async function withLockers<T>(
  { database, observer }: Pick<ConnectorInputs, "database" | "observer">,
  streams: boolean,
  work: (asRole: Client, lockers: readonly Client[]) => Promise<T>,
): Promise<T> {
  return withDatabase(database!, async (asRole) => {
    if (!streams || observer === undefined) return work(asRole, [asRole]);
    const asObserver = await opened({ ...database!, ...observer });
    try {
      return await work(asRole, asObserver ? [asObserver, asRole] : [asRole]);
    } finally {
      await asObserver?.end().catch(() => undefined);
    }
  });
}

/** The session; undefined where it cannot be opened. */
async function opened(address: SourceDatabase): Promise<Client | undefined> {
  const client = new Client(clientOptions({ connectionTimeoutMillis: 5000, query_timeout: 10_000, ...address }));
  // When the connection ends, the next question fails, which is enough.
  client.on("error", () => undefined);
  return client.connect().then(
    () => client,
    () => undefined,
  );
}

/** How long the lock may wait for open writes to the table, in milliseconds. Later writes wait behind the lock. */
const LOCK_MS = 500;
/** How long the lock is held at most, in milliseconds: a broker that does not answer may not keep an application from writing. */
const HELD_MS = 5000;
const PAUSE_MS = 200;
const MOST_TRIES = 10;
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Calls `tell` while the table is locked against writes. Where none of the sessions may lock it, or can in time, calls `tell` without a lock.
 *
 * @returns why it was not locked the whole time; undefined where it was
 */
export async function whileNobodyWrites(
  lockers: readonly Client[],
  table: string,
  tell: () => Promise<void>,
): Promise<string | undefined> {
  let why = "no session can lock it";
  for (const client of lockers) {
    for (let left = MOST_TRIES; left > 0; left--) {
      const refused = await lock(client, table);
      if (refused === undefined) {
        try {
          await tell();
        } catch (error) {
          await client.query("ROLLBACK").catch(() => undefined);
          throw error;
        }
        return client.query("ROLLBACK").then(
          () => undefined,
          (error: Error) => `the lock was lost: ${error.message}`,
        );
      }
      await client.query("ROLLBACK").catch(() => undefined);
      why = refused.message;
      if (refused.code !== LOCK_NOT_AVAILABLE) break;
      await sleep(PAUSE_MS);
    }
  }
  await tell();
  return why;
}

/** Locks the table against writes, in a transaction that stays open. @returns why it did not */
async function lock(client: Client, table: string): Promise<(Error & { code?: string }) | undefined> {
  const limits = `SET LOCAL lock_timeout = ${LOCK_MS}; SET LOCAL idle_in_transaction_session_timeout = ${HELD_MS}`;
  return client.query(`BEGIN; ${limits}; LOCK TABLE ${sqlName(table)} IN SHARE MODE`).then(
    () => undefined,
    (error: Error & { code?: string }) => error,
  );
}
