import { poll } from "../../poll";
import { topicOf } from "../../names/topic-names";
import { withSession, type Ask } from "./connector-session";
import { isOffsets } from "../rest/shapes";
import { tableOfPattern } from "../config/table-patterns";
import type { ConfigValue, ConnectorInputs, SourceDatabase } from "../connector-types";

/** What the database says about a replication slot. */
export interface SlotState {
  exists: boolean;
  active: boolean;
  /** Name of the program that reads from the slot; empty where the role may not see it, or nobody reads. */
  reader: string;
  /** The reader's process in the database. Each restart of the connector's task brings another. */
  pid?: number;
  /** Whether that process has sent everything there is and waits for more. */
  caughtUp: boolean;
  /** `confirmed_flush_lsn` in bytes from the log's beginning: what lies before is safe in Kafka. None while the slot is being made. */
  confirmed?: bigint;
  /** The end of the log, in bytes from its beginning. */
  written?: bigint;
  /** The position that no reader can be beyond: on a primary what is inserted, on a standby what is received. */
  ends?: bigint;
  /** When the last reader left, as Postgres' `inactive_since` prints it (17 and later); none while the slot is read. */
  released?: string;
  /** Why Postgres has invalidated the slot: its `invalidation_reason` (17 and later, else empty). Undefined: it has not. */
  invalidated?: string;
}

const SLOT_SQL = `SELECT s.slot_name IS NOT NULL AS exists, s.active, s.active_pid AS pid, COALESCE(a.application_name, '') AS reader, a.wait_event,
  s.confirmed_flush_lsn - '0/0' AS confirmed, to_jsonb(s) ->> 'inactive_since' AS released,
  CASE WHEN s.wal_status = 'lost' THEN COALESCE(to_jsonb(s) ->> 'invalidation_reason', '') END AS invalidated,
  CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END - '0/0' AS written,
  CASE WHEN pg_is_in_recovery() THEN GREATEST(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) ELSE pg_current_wal_insert_lsn() END - '0/0' AS ends
  FROM (SELECT $1::name AS name) n LEFT JOIN pg_replication_slots s ON s.slot_name = n.name LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid`;

interface SlotRow {
  exists: boolean;
  active: boolean | null;
  invalidated: string | null;
  reader: string;
  pid: number | null;
  released: string | null;
  wait_event: string | null;
  confirmed: string | null;
  written: string | null;
  ends?: string | null;
}

/**
 * The slot as the database sees it. `active` tells that Debezium streams: Debezium makes the slot before the
 * snapshot, releases it, and takes it again only to stream, when the snapshot is complete.
 */
export async function slotState(ask: Ask, slot: string): Promise<SlotState> {
  const { rows } = await ask((client) => client.query(SLOT_SQL, [slot]));
  const row = rows[0] as SlotRow | undefined;
  return {
    exists: row?.exists === true,
    active: row?.active === true,
    reader: row?.reader ?? "",
    pid: row?.pid ?? undefined,
    confirmed: row?.confirmed ? BigInt(row.confirmed) : undefined,
    written: row?.written ? BigInt(row.written) : undefined,
    ...(row?.ends && { ends: BigInt(row.ends) }),
    ...(row?.released && { released: row.released }),
    invalidated: row?.invalidated ?? undefined,
    caughtUp: /^WalSender(Main|WaitForWAL)$/i.test(row?.wait_event ?? ""),
  };
}

/** Drops the slot once nobody reads from it. A slot that does not exist is success. @throws naming the reader after `deadlineMs` */
export async function dropSlot(database: SourceDatabase, slot: string, deadlineMs: number): Promise<void> {
  const sql = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1";
  await withSession(database, (ask) =>
    poll(
      async () => {
        const { exists, active, reader } = await slotState(ask, slot);
        if (!exists) return { done: true, value: undefined };
        if (active) return { done: false, seen: `slot ${slot} is read by ${reader || "somebody"}` };
        await ask((client) => client.query(sql, [slot]));
        return { done: true, value: undefined };
      },
      {
        what: `replication slot ${slot} to be let go`,
        deadlineMs,
        remedy: `End its reader, then: SELECT pg_drop_replication_slot('${slot}').`,
      },
    ),
  );
}

/** Whether the config is one of Debezium's Postgres connector. */
export function isPostgres(config: Record<string, ConfigValue>): boolean {
  return config["connector.class"] === "io.debezium.connector.postgresql.PostgresConnector";
}

/** The slot the connector uses: Debezium's default when none is named. */
export function slotOf(config: Record<string, ConfigValue>): string {
  return String(config["slot.name"] ?? "debezium");
}

/** The publication that the connector reads: Debezium's default when none is named. */
export function publicationOf(config: Record<string, ConfigValue>): string {
  return String(config["publication.name"] ?? "dbz_publication");
}

/** The role of the connector's own sessions in the database. */
export function roleOf({ config, database }: Pick<ConnectorInputs, "config" | "database">): string | undefined {
  const named = config["database.user"];
  return named === undefined || String(named).startsWith("${") ? database?.user : String(named);
}

/** The tables that `table.include.list` names. Patterns for several tables are left out. */
export function namedTables(config: Record<string, ConfigValue>): string[] {
  return String(config["table.include.list"] ?? "")
    .split(",")
    .map(tableOfPattern)
    .filter((table) => table !== undefined);
}

/** Topics for the outputs, sorted: those of the named tables, and those written to. Debezium's internal topics are left out. */
export function outputTopics(config: Record<string, ConfigValue>, active: string[]): string[] {
  const prefix = config["topic.prefix"];
  const own =
    isPostgres(config) && prefix !== undefined
      ? namedTables(config).map((table) => topicOf(String(prefix), table))
      : [];
  const internal = [`${prefix}.${config["signal.data.collection"]}`, `${prefix}.transaction`, `${prefix}.message`];
  const written = active.filter((topic) => !topic.startsWith("__debezium") && !internal.includes(topic));
  return [...new Set([...own, ...written])].sort();
}

/**
 * What Connect's offsets say about the first snapshot. `unknown`: there are no offsets yet. An empty table has none until
 * the first change or heartbeat.
 */
export function snapshotInOffsets(body: unknown): "running" | "done" | "unknown" {
  const offsets = isOffsets(body) ? body.offsets : [];
  const known = offsets.flatMap(({ offset }) => (offset ? [offset] : []));
  if (known.length === 0) return "unknown";
  const running = (offset: Record<string, unknown>): boolean =>
    offset.snapshot !== undefined &&
    offset.snapshot !== false &&
    offset.last_snapshot_record !== true &&
    offset.snapshot_completed !== true;
  return known.some(running) ? "running" : "done";
}

/** Whether Connect's offsets are of a first snapshot that is not complete: until then the connector has read nothing of the log. */
export function isAmidFirstSnapshot(body: unknown): boolean {
  const offsets = isOffsets(body) ? body.offsets : [];
  return offsets.some(({ offset }) => offset?.["snapshot"] === "INITIAL" && offset["snapshot_completed"] !== true);
}

/** How far a connector has read, in bytes from the log's beginning, by Connect's offsets as Debezium 3.7 writes them; null: nothing yet. */
export function storedPosition(body: unknown): number | null {
  const offsets = isOffsets(body) ? body.offsets : [];
  const positions = offsets
    .flatMap(({ offset }) => [offset?.["lsn"], offset?.["lsn_proc"], offset?.["lsn_commit"]])
    .filter((position) => typeof position === "number");
  return positions.length === 0 ? null : Math.max(...positions);
}
