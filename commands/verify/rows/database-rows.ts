/** The database's side: all rows of a table, read with one snapshot. */
import { type Client, escapeIdentifier, Query } from "pg";
import { sessionValue } from "../../../components/capture/capture-sql";
import { ROLE_SESSION } from "../../../components/capture/role/role";
import { type Canon, canonOfText } from "../values/forms";
import type { RowHashes } from "./hashes";
import type { SpillFile } from "./spill-file";
import type { TableShape } from "../compared-table";
import { isBefore } from "./visibility";

/** Settings on which the printed form of values depends. */
const SHAPING = ["bytea_output", "datestyle", "extra_float_digits", "intervalstyle", "lc_monetary", "search_path"];

/**
 * The statement that gives a session the printed form that the connector's role has (`ROLE_SESSION`).
 *
 * @param role the connector's, whose own schema `"$user"` means. @default the session's
 */
export function printingSession(role?: string): string {
  const shaping = ROLE_SESSION.filter(([name]) => SHAPING.includes(name)).map(([name, value]) => {
    const own = role === undefined ? value : value.replace('"$user"', escapeIdentifier(role));
    return `set ${name} = ${sessionValue(name, own)}`;
  });
  // A policy would leave rows out; Postgres refuses then, as for pg_dump.
  const whole = "set row_security = off";
  const waits = ["statement_timeout = 0", "idle_in_transaction_session_timeout = 0", "lock_timeout = '30s'"];
  return [...shaping, whole, "set timezone = 'UTC'", ...waits.map((wait) => `set ${wait}`)].join("; ");
}

/** Lower numbers are no transaction's, as that of frozen rows in an old server's file. */
const FIRST_XID = 3;

/** A row as text, exactly as Postgres prints it: nothing is parsed on the way. */
const RAW = { getTypeParser: () => (value: string | Buffer) => value.toString() };

export interface DatabaseRow {
  texts: (string | null)[];
  /** Whether an ALTER TABLE wrote it last, which is not logged. */
  rewritten: boolean;
  /** Whether it was written before the catalogue's entry of the table. */
  isOlder: boolean;
}

/**
 * Calls back with every row of the table as Postgres prints it, within the client's transaction. No row is kept: the socket is read on
 * once the rows before have been taken.
 */
export async function eachRow(client: Client, shape: TableShape, take: (row: DatabaseRow) => void): Promise<void> {
  const list = ["xmin::text", ...shape.columns.map(({ name }) => client.escapeIdentifier(name))].join(", ");
  const config = { text: `select ${list} from ${shape.sql}`, rowMode: "array" as const, types: RAW };
  const query = new Query<(string | null)[]>(config);
  await new Promise<void>((resolve, reject) => {
    let failed: Error | undefined;
    query.on("row", ([writer, ...texts]) => {
      if (failed) return;
      try {
        const xid = Number(writer);
        take({ texts, rewritten: shape.alteredBy.has(xid), isOlder: xid >= FIRST_XID && isBefore(xid, shape.madeBy) });
      } catch (error) {
        failed = error as Error;
      }
    });
    query.on("error", reject);
    query.on("end", () => (failed ? reject(failed) : resolve()));
    client.query(query);
  });
}

/** Pure: the row in the form that is compared. */
export function canonOf({ columns }: TableShape, texts: readonly (string | null)[]): Canon[] {
  return columns.map(({ type }, at) => canonOfText(type, texts[at]!));
}

/**
 * @param key places of the key's columns in the table's; empty: the whole row
 * @returns whether any row is older than the table's entry in the catalogue
 */
export async function hashDatabase(
  client: Client,
  shape: TableShape,
  hashes: RowHashes,
  key: readonly number[],
  into: SpillFile,
): Promise<boolean> {
  let isOlder = false;
  await eachRow(client, shape, ({ texts, rewritten, isOlder: older }) => {
    isOlder ||= older;
    const values = canonOf(shape, texts);
    const kind = rewritten ? "rewritten" : "set";
    into.put({ kind, key: hashes.keyOf(values, key), hashes: hashes.of(values), partition: 0, offset: 0, place: 0n });
  });
  return isOlder;
}
