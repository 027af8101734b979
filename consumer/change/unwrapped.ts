/**
 * Rows without Debezium's envelope, as its ExtractNewRecordState transform leaves them. They have the row's columns, and may have
 * fields about the change, whose names begin with two underscores (`add.fields`, `delete.tombstone.handling.mode`).
 */
import type { Op } from "../api";
import { commitTime } from "./commit-time";
import type { ChangeBody } from "./change-event";
import { LETTERS_OF_ROWS, OP_OF_LETTER } from "./op-letters";
import type { Row, Value } from "./row";

const ABOUT_THE_CHANGE = /^__(deleted|op|db|schema|table|name|lsn|txId|(source_)?ts_(ms|us|ns)|source_\w+)$/;

/**
 * Without `__op`, the record does not say whether the row is new or changed. It counts as an `update`, which means "the row is now
 * so". `before` is known only of a delete that brings its row.
 */
export function unwrappedChange(topic: string, value: Row): ChangeBody {
  const row: Row = {};
  const about: { [name: string]: Value | undefined } = {};
  for (const name in value) {
    if (name.startsWith("__") && ABOUT_THE_CHANGE.test(name)) about[name.slice(2)] = value[name];
    else row[name] = value[name]!;
  }
  const deleted = String(about["deleted"]) === "true" || about["op"] === "d";
  const op = deleted ? "delete" : typeof about["op"] === "string" ? opOf(about["op"]) : "update";
  if (op === undefined) throw new Error(`unknown operation "${String(about["op"])}" in "__op"`);
  const lsn = about["lsn"] ?? about["source_lsn"];
  const txId = about["txId"] ?? about["source_txId"];
  return {
    op,
    table: tableName(topic, about["schema"] ?? about["source_schema"], about["table"] ?? about["source_table"]),
    before: deleted && Object.keys(row).length > 0 ? row : null,
    after: deleted ? null : row,
    changed: [],
    position: lsn === undefined && txId === undefined ? null : { lsn: asNumber(lsn), txId: asNumber(txId) },
    committedAtMicros:
      op === "snapshot" ? null : commitTime(asNumber(about["source_ts_us"]), asNumber(about["source_ts_ms"])),
  };
}

/** Only operations on a row: TRUNCATE and messages have no row to unwrap. */
function opOf(letter: string): Op | undefined {
  return LETTERS_OF_ROWS.includes(letter) ? OP_OF_LETTER.get(letter) : undefined;
}

/** The table's name from the record, or else from its topic: Debezium's topics are `prefix.schema.table`. */
export function tableName(topic: string, schema: Value | undefined, table: Value | undefined): string {
  const parts = topic.split(".");
  if (typeof table === "string") {
    if (typeof schema === "string" && schema !== "") return `${schema}.${table}`;
    // A topic that ends with this table gives the schema too: the name is then the same as without the field.
    if (parts.length < 3 || parts.at(-1) !== table) return table;
  }
  return parts.length > 2 ? parts.slice(-2).join(".") : topic;
}

function asNumber(value: Value | undefined): number | null {
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : null;
}
