/** The connectors that read from the database: they are stopped once they have read all, and moved to where the new server's log begins. */
import {
  alterOffsets,
  type ConnectorOffset,
  getOffsets,
  getStatus,
  setState,
} from "../../components/connector/rest/connect-api";
import { refused, request, type Target } from "../../components/connector/rest/rest";
import { isPostgres } from "../../components/connector/slot/source";
import { poll } from "../../components/poll";

export interface Reader {
  connector: string;
  slot: string;
  publication: string;
  /** Beside it stand the notes of a capture; empty: it has none. */
  signalTable: string;
  /** The database's server as the connector reaches it, as in `postgres:5432`. */
  server: string;
  /** The database that it reads, as its config names it; undefined where a config provider does. */
  database?: string;
  /** Its state before the upgrade. */
  state: string;
}

/** By what a connector is known to read from the stack's server. */
export interface OwnServer {
  /** The server's container, and its port on this machine. */
  container: string;
  port: number;
  /** Whether the Kafka Connect is the stack's, in whose network the server has its short names. */
  hasConnect: boolean;
  /** Name of the stack's own connector. */
  connector: string;
}

/**
 * Pure: the connectors that read from the stack's server. A slot's name does not tell it, since another server may have one of the same name, and a
 * connector that reads elsewhere must neither be stopped nor moved.
 */
export function readersOn(readers: readonly Reader[], { container, port, hasConnect, connector }: OwnServer): Reader[] {
  const own = readers.find((each) => each.connector === connector)?.server;
  const inNetwork = ["postgres", "database", container].map((name) => `${name}:5432`);
  const servers = hasConnect ? [...inNetwork, `host.docker.internal:${port}`] : [own];
  return readers.filter(({ server }) => servers.includes(server));
}

const ALL = "/connectors?expand=info&expand=status";

/** Connectors of Connect that read from Postgres. @throws where it does not say: no connectors would mean that nobody reads from the slots */
export async function readersOf(target: Target): Promise<Reader[]> {
  const answer = await request(target, "GET", ALL);
  if (answer.status !== 200) throw refused(target, "GET", ALL, answer);
  return parseReaders(answer.body);
}

interface Expanded {
  info?: { config?: Record<string, string> };
  status?: { connector?: { state?: string }; tasks?: { state: string }[] };
}

/** Pure: `GET /connectors?expand=info&expand=status`. A task that has failed counts as its connector's state. */
export function parseReaders(body: unknown): Reader[] {
  return Object.entries((body ?? {}) as Record<string, Expanded>).flatMap(([connector, { info, status }]) => {
    const config = info?.config ?? {};
    if (!isPostgres(config)) return [];
    const database = config["database.dbname"];
    const isFailed = (status?.tasks ?? []).some(({ state }) => state === "FAILED");
    return {
      connector,
      slot: config["slot.name"] ?? "debezium",
      publication: config["publication.name"] ?? "dbz_publication",
      signalTable: config["signal.data.collection"] ?? "",
      server: `${config["database.hostname"] ?? ""}:${config["database.port"] ?? "5432"}`,
      ...(database !== undefined && !database.startsWith("${") && { database }),
      state: isFailed ? "FAILED" : (status?.connector?.state ?? "UNASSIGNED"),
    };
  });
}

/** Stops a connector, and waits until it has no task any more: its offsets are written by then. */
export async function stopReader(target: Target, { connector }: Reader): Promise<void> {
  await setState(target, connector, "STOPPED");
  await poll<void>(
    async () => {
      const status = await getStatus(target, connector);
      const done = status?.connector.state === "STOPPED" && status.tasks.length === 0;
      return done ? { done, value: undefined } : { done: false, seen: status?.connector.state ?? "no connector" };
    },
    { what: `connector ${connector} to stop`, deadlineMs: 60_000, intervalMs: 100 },
  );
}

/** Brings the connector back to its state before the upgrade. */
export async function resumeReader(target: Target, { connector, state }: Reader): Promise<void> {
  if (state === "RUNNING" || state === "PAUSED") await setState(target, connector, state);
}

/** Lets connectors go on that the upgrade has stopped, those of them that no `up` has resumed. @returns the names of those that do now */
export async function resumeStopped(target: Target, stopped: readonly Reader[]): Promise<string[]> {
  const names = stopped.map(({ connector }) => connector);
  const still = (await readersOf(target)).filter(
    ({ connector, state }) => state === "STOPPED" && names.includes(connector),
  );
  for (const { connector } of still) await setState(target, connector, "RUNNING");
  return still.map(({ connector }) => connector);
}

/** Pure: the way to resume connectors by hand, a line each. */
export function stoppedText(url: string, stopped: readonly Pick<Reader, "connector">[]): string {
  const token = "$(npm run -s pulumi -- stack output connectToken --show-secrets)";
  return [
    "Stopped connectors, whose slots hold Postgres' log until they go on; once the database is up:",
    ...stopped.map(
      ({ connector }) =>
        `  curl -X PUT -H "Authorization: Bearer ${token}" ${url}/connectors/${encodeURIComponent(connector)}/resume`,
    ),
  ].join("\n");
}

/** Sets the offsets of a stopped connector to a position, in bytes from the log's beginning. */
export async function moveReader(target: Target, { connector }: Reader, to: bigint): Promise<void> {
  const moved = movedOffsets(await getOffsets(target, connector), to);
  if (moved.length === 0) return;
  await alterOffsets(target, connector, moved);
}

/** Pure: the offsets with Debezium's positions (3.7) set to a place of the log. The fields about snapshots stay as they are. */
export function movedOffsets(offsets: readonly ConnectorOffset[], to: bigint): ConnectorOffset[] {
  return offsets.flatMap(({ partition, offset }) => {
    if (offset === null) return [];
    const keys = ["lsn", "lsn_proc", "lsn_commit"].filter((key) => typeof offset[key] === "number");
    return [{ partition, offset: { ...offset, ...Object.fromEntries(keys.map((key) => [key, Number(to)])) } }];
  });
}
