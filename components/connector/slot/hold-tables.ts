/**
 * Keeps captured tables from being truncated or altered while their slot is made. A transaction that does so before the slot is half made, and commits before it is whole, is
 * missing in what the slot knows of the catalogue: from then on rows are decoded by what a table was before, or not at all (PostgreSQL 17.12 and 18.4, see decoding.ts).
 */
import { Client } from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { clientOptions } from "../../database/client";
import { sqlName } from "../../names/sql-name";
import type { ConnectorInputs } from "../connector-types";
import { namedTables, slotOf, slotState } from "./source";

/** How long it is waited for who alters one now; and how long they wait until the slot is begun, and from then on until it is made. Who waits for a second may make their deadlock. */
const LOCK_MS = 500;
const BEGUN_MS = 15_000;
const MADE_MS = 5_000;
const LOOK_EVERY_MS = 50;

/**
 * Takes the lock that reading a row takes, and lets go of it once the slot is made. The slot waits for transactions that are open, and one of those may wait for this lock: so it
 * is not kept for long. Without it the slot may be one that cannot be decoded, which is found out.
 *
 * @returns ends it at once
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
    // Somebody holds one for longer, or it is not there, which is told elsewhere.
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
