/**
 * Makes an event of a Kafka record. Pure: no clock, no I/O, and no exception. A record that cannot be read becomes the event
 * `unreadable` with the reason.
 *
 * It reads Debezium's envelope as Kafka Connect's JSON converter writes it, with and without schemas. It also reads what
 * transforms leave of the envelope: rows that ExtractNewRecordState has unwrapped, an outbox's payloads, keys of any kind.
 */
import { isUtf8 } from "node:buffer";
import type { Op } from "../api";
import type { Change, ChangeBody, ChangeEvent, ChangeOf, RawMessage } from "./change-event";
import { commitTime } from "./commit-time";
import { type Texts, quickChange, quickKey } from "./envelope";
import { eventIdOf, keylessPlace } from "./event-id";
import { mayBeRounded, parseExactly, parseJson } from "./lossless-json";
import { OP_OF_LETTER } from "./op-letters";
import { newsOf } from "./own-messages";
import { type Row, type Value, changedColumns } from "./row";
import { takeUnavailable } from "./unavailable";
import { tableName, unwrappedChange } from "./unwrapped";

/** @param texts gets the record's own JSON, for a caller that can use it */
export function parseRecord(
  topic: string,
  partition: number,
  message: RawMessage,
  texts: Texts = { key: null, before: null, after: null },
): ChangeEvent {
  // Each is read once, because a `FetchedRecord` decodes it each time.
  const { offset, value } = message;
  texts.key = texts.before = texts.after = null;
  try {
    if (topic.startsWith("__debezium-heartbeat")) return { op: "heartbeat", topic, partition, offset };
    const key = parseKey(message.key, texts);
    if (value === null) return { op: "tombstone", key, topic, partition, offset };
    const text = value.toString("utf8");
    const quick = quickChange(text, key, { topic, partition, offset }, texts);
    if (quick !== undefined) return quick;
    const parsed = parseValue(text, value);
    const body = generalChange(topic, parsed);
    const news = body.message && newsOf(body.message);
    if (news !== undefined) return { op: "heartbeat", topic, partition, offset, ...news };
    // The fields are added to this object. A spread into a new one takes half as long as JSON.parse does.
    const change = body as ChangeOf<Op, Row | null, Row | null>;
    const { commitLsn, serialNo } = eventPlace(parsed);
    change.eventId = eventIdOf(body.op, commitLsn, serialNo, body.table, key, texts.key);
    const place = keylessPlace(body.op, change.eventId, commitLsn, serialNo);
    if (place !== undefined) change.snapshotPlace = place;
    change.key = key;
    change.topic = topic;
    change.partition = partition;
    change.offset = offset;
    return change as Change;
  } catch (error) {
    return { op: "unreadable", reason: (error as Error).message, topic, partition, offset };
  }
}

function generalChange(topic: string, value: Value): ChangeBody {
  // ExtractNewRecordState may leave only the key of a delete.
  if (value === null) return unwrappedChange(topic, { __op: "d" });
  // A transform may replace the row by one bare value, as an outbox does. The value becomes a row with one column.
  if (!isRow(value)) return unwrappedChange(topic, { value });
  const letter = value["op"];
  const source = value["source"];
  if (typeof letter === "string" && (isRow(source) || isWithoutSource(value))) {
    return envelopeChange(topic, letter, value, isRow(source) ? source : {});
  }
  return unwrappedChange(topic, value);
}

const OF_ENVELOPE = ["before", "after", "unchanged", "transaction", "op", "ts_ms", "ts_us", "ts_ns"];

/**
 * Whether this is Debezium's envelope, out of which a transform took `source`. An unwrapped row may have columns `op`, `before` and `after`,
 * as an audit table has. Such a table has further columns, and no row in a column.
 */
function isWithoutSource(value: Row): boolean {
  const { before, after } = value;
  if (after === undefined || ![before ?? null, after].every((row) => row === null || isRow(row))) return false;
  const isWhole = before !== undefined && numberOrNull(value["ts_ms"]) !== null;
  return isWhole || Object.keys(value).every((name) => OF_ENVELOPE.includes(name));
}

/** The event's place in the log: from the envelope's `source`, or from the columns that `add.fields` adds. */
function eventPlace(value: Value): { commitLsn: string | undefined; serialNo: number | null } {
  if (!isRow(value)) return { commitLsn: undefined, serialNo: null };
  const source = value["source"];
  const [commitLsn, serialNo] =
    isRow(source) && "op" in value
      ? [source["commit_lsn"], source["event_serial_no"]]
      : [value["__source_commit_lsn"], value["__source_event_serial_no"]];
  return { commitLsn: numberOrNull(commitLsn)?.toString(), serialNo: numberOrNull(serialNo) };
}

/** @param source may lack what a transform has taken out of it */
function envelopeChange(topic: string, letter: string, value: Row, source: Row): ChangeBody {
  const op = OP_OF_LETTER.get(letter);
  if (op === undefined) throw new Error(`unknown operation "${letter}", expected one of r c u d t m`);
  const before = rowOrNull(value["before"], "before");
  const after = rowOrNull(value["after"], "after");
  if (after === null && (op === "snapshot" || op === "create" || op === "update")) {
    throw new Error(`operation "${letter}" without a row in "after"`);
  }
  const unchanged = value["unchanged"];
  const isStock = source["commit_lsn"] === undefined && (op === "update" || op === "create");
  const untold = isNames(unchanged) ? unchanged : isStock ? takeUnavailable(after) : undefined;
  const body: ChangeBody = {
    op,
    table: tableName(topic, source["schema"], source["table"]),
    before,
    after,
    changed: op === "update" && before !== null && after !== null ? changedColumns(before, after) : [],
    position: { lsn: numberOrNull(source["lsn"]), txId: numberOrNull(source["txId"]) },
    committedAtMicros:
      op === "snapshot" ? null : commitTime(numberOrNull(source["ts_us"]), numberOrNull(source["ts_ms"])),
  };
  if (untold !== undefined) body.unchanged = untold;
  const message = value["message"];
  if (op === "message" && isRow(message)) {
    body.message = { prefix: String(message["prefix"] ?? ""), content: String(message["content"] ?? "") };
  }
  return body;
}

function parseKey(buffer: Buffer | null, texts: Texts): Row | null {
  if (buffer === null || buffer.length === 0) return null;
  const text = buffer.toString("utf8");
  const row = quickKey(text, texts);
  if (row !== undefined) return row;
  let key: unknown;
  try {
    key = withoutSchema(parseJson(text));
  } catch {
    // The key is of another converter. Its text still tells one row from another.
    key = isReadable(text, buffer) ? text : buffer.toString("base64");
  }
  // A transform may replace the key by the bare value of one column. The value becomes a row with one column.
  return key === null || isRow(key) ? key : { key: key as Value };
}

function isReadable(text: string, bytes: Buffer): boolean {
  return isUtf8(bytes) && !/[\u0000-\u0008\u000e-\u001f]/.test(text);
}

function parseValue(text: string, buffer: Buffer): Value {
  try {
    return withoutSchema(parseRows(text)) as Value;
  } catch (error) {
    const avro = buffer[0] === 0 ? "; it begins with a zero byte, as Avro with a schema registry does" : "";
    throw new Error(`the value is no JSON: ${(error as Error).message}${avro}`);
  }
}

/**
 * Only the rows decide whether the text is parsed exactly. Debezium's fields beside them hold nanoseconds, which are beyond 2^53
 * and are not used here.
 */
function parseRows(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  const value = withoutSchema(parsed);
  if (!isRow(value)) return mayBeRounded({ value: value as Value }) ? parseExactly(text) : parsed;
  const envelope = isRow(value["source"]);
  const rounded = envelope ? mayBeRounded(value["before"]) || mayBeRounded(value["after"]) : mayBeRounded(value);
  return rounded ? parseExactly(text) : parsed;
}

/** The JSON converter with `schemas.enable` wraps everything into schema and payload. */
function withoutSchema(value: unknown): unknown {
  if (!isRow(value) || !("payload" in value) || !("schema" in value)) return value;
  const schema = value["schema"];
  const wrapped = Object.keys(value).length === 2 && (schema === null || (isRow(schema) && "type" in schema!));
  return wrapped ? value["payload"] : value;
}

function rowOrNull(value: Value | undefined, name: string): Row | null {
  if (value === null || value === undefined) return null;
  if (!isRow(value)) throw new Error(`"${name}" is no row but ${kindOf(value)}`);
  return value;
}

function numberOrNull(value: Value | undefined): number | null {
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : null;
}

/** True for a list with at least one name: the converter of this project's image writes no empty one. */
function isNames(value: Value | undefined): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string");
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
