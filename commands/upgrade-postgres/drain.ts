/** Whether everything that was written has been read: pg_upgrade refuses a slot with unread changes. */
import { notesTable } from "../../components/capture/tables/changed";
import { consequence, whatHappened } from "../../components/capture/tables/changed-words";
import { readChangedTables } from "../../components/capture/tables/read-changed";
import type { Ask } from "../../components/connector/slot/connector-session";
import { poll } from "../../components/poll";
import { rejectEnded } from "../processes/signals";
import type { Reader } from "./connectors";

/** How long a slot's reader may make no progress, in milliseconds: heartbeats move it every few seconds. */
const STILL_MS = 60_000;

/** Every logical slot of the server, by its name. */
export async function logicalSlots(ask: Ask): Promise<string[]> {
  const sql = "SELECT slot_name::text AS name FROM pg_replication_slots WHERE slot_type = 'logical' ORDER BY 1";
  return (await ask((client) => client.query<{ name: string }>(sql))).rows.map(({ name }) => name);
}

/**
 * Pure.
 *
 * @param elsewhere connectors that, by their configs, read from another server
 * @throws with every slot that nobody here reads, and every reader that could not finish
 */
export function rejectUnready(
  slots: readonly string[],
  readers: readonly Reader[],
  elsewhere: readonly Reader[] = [],
): void {
  const foreign = slots.filter((slot) => !readers.some((reader) => reader.slot === slot));
  const troubles = [
    ...foreign.map(
      (slot) =>
        `Replication slot ${slot} is read by no connector of this stack, so nobody here can tell its reader where the new server's log ` +
        `begins. End that reader, drop the slot (SELECT pg_drop_replication_slot('${slot}')), and let it begin anew after the upgrade.${elsewhere
          .filter((each) => each.slot === slot)
          .map(namesakeText)
          .join("")}`,
    ),
    ...readers
      .filter(({ slot, state }) => slots.includes(slot) && state !== "RUNNING")
      .map(
        ({ connector, state }) =>
          `Connector ${connector} is ${state}, and what it has not read yet would be lost: \`npm start\` brings it up, \`npm run doctor\` says more.`,
      ),
  ];
  if (troubles.length > 0) throw new Error(troubles.join("\n"));
}

function namesakeText({ connector, server }: Reader): string {
  return (
    ` Connector ${connector} has a slot of this name at ${server}: if that is this server, give it the address by which the stack's own connector ` +
    "reaches it (database.hostname, database.port)."
  );
}

const LEFT = `SELECT GREATEST($2::pg_lsn - confirmed_flush_lsn, 0)::text AS left FROM pg_replication_slots WHERE slot_name = $1`;

/** Waits until a running connector has confirmed to Postgres all that is written by now. That may take hours, so a signal ends it. */
export async function readUp(ask: Ask, { slot, connector }: Reader): Promise<void> {
  const { rows } = await ask((client) => client.query<{ end: string }>("SELECT pg_current_wal_lsn()::text AS end"));
  await poll<void>(
    async () => {
      rejectEnded();
      const looked = await ask((client) => client.query<{ left: string }>(LEFT, [slot, rows[0]!.end]));
      const left = looked.rows[0]?.left ?? "all";
      return left === "0"
        ? { done: true, value: undefined }
        : { done: false, seen: `${left} bytes of log`, mark: left };
    },
    { what: `connector ${connector} to read what is left`, deadlineMs: STILL_MS, intervalMs: 250 },
  );
}

/**
 * What a slot has still to tell: begins and ends of transactions are nothing, nor are the connector's own heartbeats. `M` is a
 * message; its prefix stands behind flags and position.
 */
const TOLD = `SELECT count(*)::int AS told FROM pg_logical_slot_peek_binary_changes($1, NULL, NULL,
    'proto_version', '1', 'publication_names', $2, 'messages', 'true')
  WHERE NOT (get_byte(data, 0) IN (ascii('B'), ascii('C')) OR get_byte(data, 0) = ascii('M') AND (
    substring(data FROM 11 FOR 14) = 'cdc.heartbeat'::bytea || '\\x00'::bytea
    OR substring(data FROM 11 FOR 12) = 'cdc.capture'::bytea || '\\x00'::bytea))`;

/**
 * Moves the slot of a stopped connector past what tells nothing, so that pg_upgrade takes it along.
 *
 * @param move tells the connector the same, before: a slot ahead of its reader is what a loss looks like
 * @returns how many changes it has still to tell, and then it is not moved
 */
export async function passSilence(
  ask: Ask,
  { slot, publication }: Reader,
  move: (to: bigint) => Promise<void>,
): Promise<number> {
  return ask(async (client) => {
    // Asked before: what is committed later is behind it, and pg_upgrade sees that.
    const { rows } = await client.query<{ end: string; bytes: string }>(
      "SELECT e::text AS end, (e - '0/0')::text AS bytes FROM pg_current_wal_flush_lsn() e",
    );
    const { end, bytes } = rows[0]!;
    const told = (await client.query<{ told: number }>(TOLD, [slot, `"${publication}"`])).rows[0]!.told;
    if (told > 0) return told;
    await move(BigInt(bytes));
    await client.query("SELECT pg_replication_slot_advance($1, $2)", [slot, end]);
    return 0;
  });
}

/** What has become of captured tables since the last `up`, a sentence each. */
export async function changedSentences(ask: Ask, { signalTable, publication }: Reader): Promise<string[]> {
  if (!(await hasNotes(ask, signalTable))) return [];
  const changed = await ask((client) => readChangedTables(client, signalTable, publication));
  return changed.map((each) => `${whatHappened(each)}: ${consequence(each)}. Then once more.`);
}

/** Whether a capture keeps notes beside that table. */
async function hasNotes(ask: Ask, signalTable: string): Promise<boolean> {
  if (!/^[a-z0-9_]+\.[a-z0-9_]+$/.test(signalTable)) return false;
  const sql = "SELECT to_regclass($1) IS NOT NULL AS there";
  const { rows } = await ask((client) => client.query<{ there: boolean }>(sql, [notesTable(signalTable)]));
  return rows[0]?.there === true;
}

/** Other sessions in the database, as in `psql of app at 172.17.0.1 (2)`. */
export async function otherSessions(ask: Ask): Promise<string[]> {
  const sql = `SELECT format('%s of %s%s (%s)', COALESCE(NULLIF(application_name, ''), 'a program'), usename, ' at ' || host(client_addr), count(*)) AS who
    FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() GROUP BY application_name, usename, client_addr`;
  return (await ask((client) => client.query<{ who: string }>(sql))).rows.map(({ who }) => who);
}

/** Pure: the refusal where changes came in the very moment. @param others sessions, as `otherSessions` gives them */
export function stillWritten(told: number, others: readonly string[]): string {
  return (
    `Applications still write: ${told} changes have come in the moment in which all was read. Stop them, and then once more. ` +
    `Connected are ${others.join(", ") || "none just now"}. Nothing was changed.`
  );
}
