import { createPrivateKey } from "node:crypto";
import { type ChangedTable, NEWEST_COLUMN } from "../../components/capture/tables/changed";
import { readChangedTables } from "../../components/capture/tables/read-changed";
import { withDatabase } from "../../components/connector/slot/connector-session";
import { type Blocker, longOpenSql } from "../../components/database/blockers";
import { docker } from "../../components/engine";
import type { SourceDatabase } from "../../components/connector/connector-types";
import { PASSWORD_FILE, SECRETS_FOLDER, TLS_FILES } from "../../components/connector/secrets/secrets-folder";
import type { DatabaseTls } from "../../components/database/address";
import type { DatabaseLabel } from "../../components/container/labels";
import type { ContainerLook } from "./containers-look";

/** A replication slot. Positions are bytes from the log's beginning. */
export interface SlotLook {
  name: string;
  database: string | null;
  active: boolean;
  /** Name of the program that reads from it; empty: none does. */
  reader: string;
  /** `reserved`, `extended`, `unreserved` or `lost`: whether Postgres still has the log that the slot needs. */
  walStatus: string | null;
  /** Why it is lost, in Postgres' word (17 and later). */
  invalidation: string | null;
  /** Bytes of log that Postgres keeps for it. */
  keptBytes: number;
  /** Bytes of log that may still be written before it is lost; null: no bound. */
  safeBytes: number | null;
  /** The position that its reader has confirmed, as Postgres writes it (`0/15B90A0`) and in bytes. */
  confirmed: string | null;
  confirmedBytes: number;
  /** Bytes written since. */
  behindBytes: number;
}

export interface DatabaseLook {
  /** `17.10` */
  version: string;
  walLevel: string;
  /** How far its log is written, in bytes from the beginning. */
  writtenBytes: number;
  /** The position that no reader can be beyond: what is inserted into the log, and not written yet. */
  endsBytes: number;
  slots: SlotLook[];
  /** Transactions that have written something and are open for long, the oldest first: slots keep the log since they began. */
  open: Blocker[];
  /** Captured tables that are no longer what was captured. */
  changedTables: ChangedTable[];
  /** Publications of the stack whose notes are missing in the database. */
  unnoted: string[];
}

/** Notes belong to the stack's capture when they bear the same comment as its publication. */
const NOTES = `SELECT p.pubname AS publication, (SELECT n.nspname || '.signals' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = 'captured' AND obj_description(c.oid, 'pg_class') = obj_description(p.oid, 'pg_publication')
      AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = $2)) AS "signalTable"
  FROM pg_publication p WHERE starts_with(obj_description(p.oid, 'pg_publication'), $1)`;

/** How long a transaction may be open, in seconds. */
const LONG_S = 300;

const LOOK = `SELECT current_setting('server_version') AS version, current_setting('wal_level') AS "walLevel",
  (pg_current_wal_lsn() - '0/0')::float8 AS "writtenBytes", (pg_current_wal_insert_lsn() - '0/0')::float8 AS "endsBytes",
  (SELECT COALESCE(json_agg(json_build_object(
    'name', s.slot_name, 'database', s.database, 'active', s.active, 'reader', COALESCE(a.application_name, ''),
 'walStatus', s.wal_status, 'invalidation', to_jsonb(s) ->> 'invalidation_reason', 'keptBytes', COALESCE(pg_current_wal_lsn() - s.restart_lsn, 0), 'safeBytes', s.safe_wal_size,
    'confirmed', s.confirmed_flush_lsn, 'confirmedBytes', COALESCE(s.confirmed_flush_lsn - '0/0', 0),
    'behindBytes', COALESCE(pg_current_wal_lsn() - s.confirmed_flush_lsn, 0)) ORDER BY s.slot_name), '[]')
    FROM pg_replication_slots s LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid) AS slots,
  (SELECT COALESCE(json_agg(o), '[]') FROM (${longOpenSql(LONG_S)}) o) AS open`;

/**
 * How this machine reaches the stack's database: its own as its superuser, one that somebody else runs as the connector's
 * role. A container has the password as a file, so neither Pulumi's state nor its passphrase is needed.
 */
export async function databaseOf(containers: readonly ContainerLook[], deadlineMs: number): Promise<SourceDatabase> {
  const [postgres, connect] = (["postgres", "connect"] as const).map((service) =>
    containers.find((each) => each.service === service)!,
  ) as [ContainerLook, ContainerLook];
  if (postgres.source) return postgres.source;
  if (postgres.database) return existingAddress(postgres.database, connect, deadlineMs);
  const {
    POSTGRES_USER: user = "postgres",
    POSTGRES_DB: database = user,
    POSTGRES_PASSWORD_FILE: file,
  } = postgres.environment;
  const password = file ? await docker(["exec", postgres.name, "cat", file], deadlineMs) : "";
  return { host: "127.0.0.1", port: postgres.ports["5432"] ?? 5432, database, user, password };
}

async function existingAddress(
  { mode, ca, certified, ...place }: DatabaseLabel,
  connect: ContainerLook,
  deadlineMs: number,
): Promise<SourceDatabase> {
  if (connect.state !== "running") {
    throw new Error(`${connect.name}, which has the way in, is ${connect.state}`);
  }
  const names = [
    PASSWORD_FILE,
    ...(ca ? [TLS_FILES.ca] : []),
    ...(certified ? [TLS_FILES.certificate, TLS_FILES.key] : []),
  ];
  // In one go, each as a line: a process within a container takes a while to be started.
  const script = 'for name; do base64 -w 0 "$name"; echo; done';
  const paths = names.map((name) => `${SECRETS_FOLDER}/${name}`);
  const text = await docker(["exec", connect.name, "bash", "-c", script, "-", ...paths], deadlineMs);
  const files = new Map(text.split("\n").map((line, at) => [names[at], Buffer.from(line, "base64")]));
  const tls: DatabaseTls | undefined = mode && {
    mode,
    ca: files.get(TLS_FILES.ca)?.toString(),
    certificate: files.get(TLS_FILES.certificate)?.toString(),
    key: pemOf(files.get(TLS_FILES.key)),
  };
  return { ...place, password: files.get(PASSWORD_FILE)!.toString(), tls };
}

function pemOf(key: Buffer | undefined): string | undefined {
  if (key === undefined) return undefined;
  return createPrivateKey({ key, format: "der", type: "pkcs8" }).export({ format: "pem", type: "pkcs8" }).toString();
}

/** @param prefix whose capture: `<project>-<stack>` */
export async function lookAtDatabase(
  database: SourceDatabase,
  prefix: string,
  deadlineMs: number,
): Promise<DatabaseLook> {
  const limits = { connectionTimeoutMillis: deadlineMs, query_timeout: deadlineMs };
  return withDatabase({ ...database, ...limits }, async (client) => {
    const [look] = (await client.query<DatabaseLook>(LOOK)).rows;
    const noted = await client.query<Noted>(NOTES, [`Change data capture of ${prefix}/`, NEWEST_COLUMN]);
    const changedTables: ChangedTable[] = [];
    const unnoted: string[] = [];
    for (const { signalTable, publication } of noted.rows) {
      if (signalTable === null) unnoted.push(publication);
      else changedTables.push(...(await readChangedTables(client, signalTable, publication)));
    }
    return { ...look!, changedTables, unnoted };
  });
}

interface Noted {
  signalTable: string | null;
  publication: string;
}
