import type { Client } from "pg";
import { databaseId } from "../../database/database-id";
import type { CaptureConnection, CaptureInputs } from "../capture-types";

/** Facts about the server that a capture depends on, whatever its tables and roles. */
export interface ServerFacts {
  /** See `databaseId`. */
  id?: string;
  /** `wal_level`: `logical`, `replica` or `minimal`. */
  walLevel: string;
  /** Whether the server is a standby, which takes no writes. */
  standby: boolean;
  /** Whether a connection pooler answers in front of the server. */
  pooled: boolean;
  /** Encoding of the database: `UTF8`. */
  encoding: string;
  /** Whether the database lets in superusers only. */
  closed: boolean;
  slots: { used: number; most: number };
  senders: { used: number; most: number };
}

/** From Postgres 19 on, `replica` rises to `logical` with the first logical slot. */
const SERVER = `SELECT CASE WHEN current_setting('server_version_num')::int >= 190000 AND current_setting('wal_level') = 'replica'
    THEN 'logical' ELSE current_setting('wal_level') END AS "walLevel", pg_is_in_recovery() AS standby, pg_backend_pid() AS pid,
  current_setting('server_encoding') AS encoding,
  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) = 0 AS closed,
  (SELECT count(*)::int FROM pg_replication_slots) AS "slotsUsed", current_setting('max_replication_slots')::int AS "slotsMost",
  (SELECT count(*)::int FROM pg_stat_replication) AS "sendersUsed", current_setting('max_wal_senders')::int AS "sendersMost"`;

export async function readServer(client: Client): Promise<ServerFacts> {
  const { pid, slotsUsed, slotsMost, sendersUsed, sendersMost, ...rest } = (await client.query(SERVER)).rows[0];
  const id = await databaseId(client);
  // At the start of a session a pooler sends a process id of its own, since it may change the server's session.
  const told = (client as Client & { processID: number | null }).processID;
  return {
    ...rest,
    ...(id !== undefined && { id }),
    pooled: told !== null && told !== pid,
    slots: { used: slotsUsed, most: slotsMost },
    senders: { used: sendersUsed, most: sendersMost },
  };
}

/** Pure: why no connector could read from this server, each with the remedy. */
export function serverTroubles(
  { host, port, slotName }: Pick<CaptureInputs, "slotName"> & Pick<CaptureConnection, "host" | "port">,
  { walLevel, standby, pooled, encoding, closed, slots, senders }: ServerFacts,
  slot: { active: boolean } | undefined,
): string[] {
  const where = `${host}:${port}`;
  const troubles: string[] = [];
  if (pooled) {
    troubles.push(
      `What answers at ${where} is a connection pooler in front of Postgres, which passes no replication on and lends its ` +
        "sessions to others. Name the server's own host and port.",
    );
  }
  if (standby) {
    troubles.push(
      `The server at ${where} is a standby: it takes no publication and no role. Name the primary's host and port.`,
    );
  }
  // SQL_ASCII is the only encoding that Postgres does not convert for its clients.
  if (encoding === "SQL_ASCII") {
    troubles.push(
      `The database at ${where} has the encoding SQL_ASCII: the first text in it that is no UTF-8 would stop all tables for good. ` +
        "Restore a dump of it into a database with the encoding UTF8.",
    );
  }
  if (closed) troubles.push("Only superusers may connect: ALTER DATABASE … CONNECTION LIMIT -1.");
  if (walLevel !== "logical") {
    troubles.push(
      `wal_level is ${walLevel}. Start Postgres with wal_level=logical, then run this again: ALTER SYSTEM SET wal_level = ` +
        "logical and a restart (RDS and Aurora: parameter rds.logical_replication = 1; Cloud SQL: flag " +
        "cloudsql.logical_decoding = on; Azure: server parameter wal_level).",
    );
  } else if (slot === undefined && slots.used >= slots.most) {
    troubles.push(
      `All ${slots.most} replication slots are taken, so ${slotName} cannot be made. Drop one that nothing needs ` +
        "(SELECT slot_name, active FROM pg_replication_slots), or raise max_replication_slots and restart the server.",
    );
  }
  if (!slot?.active && senders.used >= senders.most) {
    troubles.push(
      `All ${senders.most} WAL senders are taken (SELECT application_name FROM pg_stat_replication). End one that nothing ` +
        "needs, or raise max_wal_senders and restart the server.",
    );
  }
  return troubles;
}
