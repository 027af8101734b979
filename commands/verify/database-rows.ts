/** The database's side: all rows of a table, read with one snapshot. */
import type { Client } from "pg";
import { type Canon, canonOfText } from "./forms";
import { hashesOf, keyOf, type RowFile } from "./rows";
import type { TableShape } from "./table";

const AT_ONCE = 5_000;

/** What sessions print depends on; as the capture's own role pins it. */
export const SESSION = `
  set datestyle = 'ISO'; set timezone = 'UTC'; set intervalstyle = 'postgres'; set bytea_output = 'hex';
  set extra_float_digits = 1; set search_path = '"$user", public'; set statement_timeout = 0;
  set idle_in_transaction_session_timeout = 0; set lock_timeout = '30s'`;

/** A row as text, exactly as Postgres prints it: nothing is parsed on the way. */
const RAW = { getTypeParser: () => (value: string | Buffer) => value.toString() };

/** Every row of the table as Postgres prints it, within the client's transaction. */
export async function* rowsOf(client: Client, { sql, columns }: TableShape): AsyncGenerator<(string | null)[]> {
  const list = columns.map(({ name }) => client.escapeIdentifier(name)).join(", ") || "null";
  await client.query(`declare verify no scroll cursor for select ${list} from ${sql}`);
  try {
    for (;;) {
      const fetch = { text: `fetch ${AT_ONCE} from verify`, rowMode: "array" as const, types: RAW };
      const { rows } = await client.query<(string | null)[]>(fetch);
      yield* rows;
      if (rows.length < AT_ONCE) return;
    }
  } finally {
    await client.query("close verify");
  }
}

/** Pure: the row in the form that is compared. */
export function canonOf(shape: TableShape, row: readonly (string | null)[]): Canon[] {
  return shape.columns.map(({ type }, at) => canonOfText(type, row[at]!));
}

/** @param key places of the key's columns in the table's; empty: the whole row */
export async function hashDatabase(
  client: Client,
  shape: TableShape,
  key: readonly number[],
  into: RowFile,
): Promise<void> {
  for await (const row of rowsOf(client, shape)) {
    const values = canonOf(shape, row);
    const keyed = key.length > 0 ? key.map((at) => values[at]) : values;
    into.put({ kind: "set", key: keyOf(keyed), hashes: hashesOf(values, !shape.isFull), offset: 0 });
  }
}
