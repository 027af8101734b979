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
  /** Name of the program that reads from it, as far as the role may see it. */
  reader: string;
  /** Its process in the database: another one after each restart of the connector's task. */
  pid?: number;
  /** Whether that process has sent everything there is and waits for more. */
  caughtUp: boolean;
  /** How far in the log what was read is safe in Kafka, in bytes from its beginning; none while the slot is being made. */
  confirmed?: bigint;
  /** How far the log has been written, in the same count. */
  written?: bigint;
  /** When its last reader went, in Postgres' words (17 and later); none while it is read. */
  released?: string;
  /** Why Postgres no longer keeps log for it, by its own word (17 and later, else empty); undefined: it does. */
  invalidated?: string;
}

const SLOT_SQL = `SELECT s.slot_name IS NOT NULL AS exists, s.active, s.active_pid AS pid, COALESCE(a.application_name, '') AS reader, a.wait_event,
  s.confirmed_flush_lsn - '0/0' AS confirmed, to_jsonb(s) ->> 'inactive_since' AS released,
  CASE WHEN s.wal_status = 'lost' THEN COALESCE(to_jsonb(s) ->> 'invalidation_reason', '') END AS invalidated,
  CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END - '0/0' AS written
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
}

/**
 * The slot as the database sees it. `active` is the honest sign of streaming: Debezium makes the slot before the
 * snapshot, lets go of it, and takes it again only to stream, when the snapshot is complete.
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
    ...(row?.released && { released: row.released }),
    invalidated: row?.invalidated ?? undefined,
    caughtUp: /^WalSender(Main|WaitForWAL)$/i.test(row?.wait_event ?? ""),
  };
}

/** Drops the slot once nobody reads from it any more; "already gone" is success. */
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

/** Whose sessions are the connector's in the database. */
export function roleOf({ config, database }: Pick<ConnectorInputs, "config" | "database">): string | undefined {
  const named = config["database.user"];
  return named === undefined || String(named).startsWith("${") ? database?.user : String(named);
}

/** The included tables by name; patterns that stand for several are left out. */
export function namedTables(config: Record<string, ConfigValue>): string[] {
  return String(config["table.include.list"] ?? "")
    .split(",")
    .map(tableOfPattern)
    .filter((table) => table !== undefined);
}

/** Topics for the outputs: those that follow from the named tables, and those written to; Debezium's own left out. */
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
 * What Connect's offsets say about the snapshot. `unknown` while none are written: an empty table leaves none until
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

/** Whether a first snapshot is all that they tell of: until it is whole nothing of the log was read. */
export function isAmidFirstSnapshot(body: unknown): boolean {
  const offsets = isOffsets(body) ? body.offsets : [];
  return offsets.some(({ offset }) => offset?.["snapshot"] === "INITIAL" && offset["snapshot_completed"] !== true);
}

/** How far a connector has read by Connect's offsets of it, as Debezium 3.7 writes them, in bytes from the log's beginning; null: nothing yet. */
export function storedPosition(body: unknown): number | null {
  const offsets = isOffsets(body) ? body.offsets : [];
  const positions = offsets
    .flatMap(({ offset }) => [offset?.["lsn"], offset?.["lsn_proc"], offset?.["lsn_commit"]])
    .filter((position) => typeof position === "number");
  return positions.length === 0 ? null : Math.max(...positions);
}
