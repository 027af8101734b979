import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { waitFor } from "../machine/wait";

/** Arguments that prepare a database for the connector. The program's own capture has the same inputs. */
export interface CaptureByHand {
  host: string;
  port: number;
  database: string;
  adminUser: string;
  adminPassword: string;
  role: string;
  rolePassword: string;
  publication: string;
  /** `schema.table`, with names that need no quotes. */
  tables: string[];
  /** The table for Debezium's signals, `schema.table`. */
  signalTable: string;
}

/** Milliseconds between attempts to connect to a server that does not answer yet. */
const LOOK_MS = 50;
const DEADLINE_MS = 120_000;

/** Makes a role, its rights, a table for signals and a publication, as a person would in psql. */
export async function captureByHand(wanted: CaptureByHand, signal?: AbortSignal): Promise<void> {
  const { host, port, database, adminUser: user, adminPassword: password } = wanted;
  const client = await waitFor<Client>(
    async () => {
      signal?.throwIfAborted();
      const next = new Client({ host, port, database, user, password, connectionTimeoutMillis: 2000 });
      // A server that is still starting may also end the connection later.
      next.on("error", () => undefined);
      return next.connect().then(
        () => ({ done: true, value: next }) as const,
        (error: Error) => ({ done: false, seen: error.message }) as const,
      );
    },
    { what: `Postgres at ${host}:${port}`, deadlineMs: DEADLINE_MS, intervalMs: LOOK_MS },
  );
  try {
    await client.query(captureByHandSql(wanted).join(";\n"));
  } finally {
    await client.end();
  }
}

/** Pure: the statements. */
export function captureByHandSql({ role, rolePassword, publication, tables, signalTable }: CaptureByHand): string[] {
  const who = escapeIdentifier(role);
  const schemas = [...new Set([...tables, signalTable].map((table) => table.split(".")[0]!))];
  return [
    `create role ${who} login replication password ${escapeLiteral(rolePassword)}`,
    `create schema if not exists ${signalTable.split(".")[0]!}`,
    `create table ${signalTable} (id varchar(42) primary key, type varchar(32) not null, data text)`,
    `grant usage on schema ${schemas.join(", ")} to ${who}`,
    `grant select on table ${tables.join(", ")} to ${who}`,
    `grant select, insert, delete on table ${signalTable} to ${who}`,
    `create publication ${escapeIdentifier(publication)} for table ${[...tables, signalTable].join(", ")} ` +
      "with (publish_via_partition_root = true)",
  ];
}

/** The config without the heartbeat's statement, which compares the catalogue with notes of the program's capture. Here there are no notes. */
export function withoutNotes(config: Record<string, string>): Record<string, string> {
  const { "heartbeat.action.query": _compares, ...rest } = config;
  return rest;
}
