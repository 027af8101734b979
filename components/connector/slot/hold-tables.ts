/**
 * Locks captured tables against TRUNCATE and ALTER TABLE while their slot is made. The slot may miss such a change of the catalogue when
 * its transaction was open as the slot was begun, and commits before the slot is made. Rows are then decoded by the table's former shape,
 * or not at all (PostgreSQL 17.12 and 18.4, see decoding.ts).
 */
import { Client } from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { clientOptions } from "../../database/client";
import { sqlName } from "../../names/sql-name";
import type { ConnectorInputs } from "../connector-types";
import { namedTables, slotOf, slotState } from "./source";

/**
 * How long, in milliseconds, the lock waits for a transaction that alters a table. Postgres looks for deadlocks after a second of waiting, and
 * might then end an application's transaction.
 */
const LOCK_MS = 500;
/** How long the lock is kept until the slot is begun, and from then until it is made, in milliseconds. */
const BEGUN_MS = 15_000;
const MADE_MS = 5_000;
const LOOK_EVERY_MS = 50;

/**
 * Takes the lock of a SELECT, and releases it once the slot is made. The slot waits for open transactions, and one of those may wait for
 * this lock, so the lock has a time limit. Where the lock cannot be taken, the slot may be one that Postgres cannot decode: decoding.ts
 * notices that.
 *
 * @returns a function that releases the lock at once
 */
export async function holdTables(inputs: ConnectorInputs): Promise<() => Promise<void>> {
  const tables = namedTables(inputs.config);
  if (inputs.database === undefined || tables.length === 0) return () => Promise.resolve();
  const client = new Client(clientOptions({ connectionTimeoutMillis: 5000, ...inputs.database }));
  client.on("error", () => undefined);
  let isOver = false;
  const end = async (): Promise<void> => {
    if (isOver) return;
    isOver = true;
    await client.query("COMMIT").catch(() => undefined);
    await client.end().catch(() => undefined);
  };
  try {
    await client.connect();
    await client.query(
      `SET lock_timeout = ${LOCK_MS}; BEGIN; LOCK TABLE ${tables.map(sqlName).join(", ")} IN ACCESS SHARE MODE`,
    );
    void untilMade(client, slotOf(inputs.config), () => isOver)
      .catch(() => undefined)
      .finally(end);
  } catch {
    // Another transaction keeps a table locked for longer, or a table does not exist, which other checks tell.
    await end();
  }
  return end;
}

async function untilMade(client: Client, slot: string, isOver: () => boolean): Promise<void> {
  const start = Date.now();
  let begun: number | undefined;
  while (!isOver()) {
    const now = Date.now();
    const { exists, confirmed } = await slotState((work) => work(client), slot);
    if (exists && confirmed !== undefined) return;
    if (exists) begun ??= now;
    if (now - (begun ?? start) > (begun === undefined ? BEGUN_MS : MADE_MS)) return;
    await sleep(LOOK_EVERY_MS);
  }
}
