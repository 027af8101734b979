/**
 * The short way through a record: what Debezium 3 writes for a row of Postgres is known by its form, to the last byte. Then
 * only the two rows are parsed as JSON; what is needed of the rest, which is most of the text and the same in every record but
 * for some numbers, is cut out. Anything of another form is left for the general way, `parse-record.ts`, with the same result.
 */
import { commitTime } from "./commit-time";
import type { Change, Origin } from "./change-event";
import { eventIdOf } from "./event-id";
import { mayBeRounded, parseExactly } from "./lossless-json";
import { OP_OF_LETTER } from "./op-letters";
import { type Row, changedColumns } from "./row";
import { takeUnavailable } from "./unavailable";

/**
 * The record's own JSON of a change's parts, where it says the same as the parsed part in one line: to write it again is to
 * copy it. Null where it does not.
 */
export interface Texts {
  key: string | null;
  before: string | null;
  after: string | null;
}

const BEFORE = '{"before":';
const AFTER = ',"after":';
const UNCHANGED = ',"unchanged":';
const SOURCE = ',"source":{';
const SCHEMA = '{"schema":{"type":"';
const PAYLOAD = ',"payload":';

// A quote within a JSON string has a backslash before it, so none of these can begin inside of a value.
const NAME = '"[^"\\\\]*"';
const NUMBER = "(?:null|\\d+)";
const TAIL = new RegExp(
  `,"source":\\{"version":${NAME},"connector":"postgresql","name":${NAME},"ts_ms":\\d+,"snapshot":(?:null|${NAME}),"db":${NAME}` +
    `,"sequence":(?:null|"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"),"ts_us":(\\d+),"ts_ns":\\d+,("schema":${NAME},"table":${NAME})` +
    `,"txId":(${NUMBER}),"lsn":(${NUMBER}),"xmin":${NUMBER}(?:,"origin":(?:null|${NAME}),"origin_lsn":${NUMBER})?` +
    `(?:,"commit_lsn":(${NUMBER}),"event_serial_no":(${NUMBER}))?\\},"transaction":null,"op":"([crud])","ts_ms":\\d+,"ts_us":\\d+,"ts_ns":\\d+\\}(\\})?$`,
  "y",
);

/** By letter, none but those of the expression: an object's property is found sooner than a map's entry. */
const OPS = Object.fromEntries(OP_OF_LETTER);

/** The change; undefined for a text that is not of this form, or not a change after all. Sets the rows' `texts`. */
export function quickChange(text: string, key: Row | null, origin: Origin, texts: Texts): Change | undefined {
  let start = 0;
  if (!text.startsWith(BEFORE)) {
    start = startOfPayload(text);
    if (start === -1 || !text.startsWith(BEFORE, start)) return undefined;
  }
  const middle = text.indexOf(AFTER, start);
  const end = text.indexOf(SOURCE, middle);
  if (middle === -1 || end === -1) return undefined;
  TAIL.lastIndex = end;
  const tail = TAIL.exec(text);
  if (tail === null || (tail[8] !== undefined) !== start > 0) return undefined;

  const names = text[end - 1] === "]" ? text.lastIndexOf(UNCHANGED, end) : end;
  if (names < middle) return undefined;

  const op = OPS[tail[7]!]!;
  const beforeText = text.slice(start + BEFORE.length, middle);
  const afterText = text.slice(middle + AFTER.length, names);
  // A column may be called "after" and hold an object: then it is not certain where one row ends.
  if (afterText.includes(AFTER)) return undefined;
  const before = parseRow(beforeText);
  const after = parseRow(afterText);
  if (before === undefined || after === undefined || (after === null && op !== "delete")) return undefined;
  const unchanged = names === end ? undefined : parseNames(text.slice(names + UNCHANGED.length, end));
  if (unchanged === null) return undefined;

  const table = tableOf(tail[2]!);
  const copyable = isOneLine(text);
  const commitLsn = tail[5] === "null" ? undefined : tail[5];
  const exactBefore = before && exact(before, beforeText);
  const exactAfter = after && exact(after, afterText);
  const unavailable =
    tail[5] === undefined && (op === "update" || op === "create") ? takeUnavailable(exactAfter) : undefined;
  // All fields at once: added one by one they would take as long as the parsing of a row.
  const body = {
    op,
    eventId: eventIdOf(op, commitLsn, numberOf(tail[6]), table, key, texts.key),
    table,
    key,
    before: exactBefore,
    after: exactAfter,
    changed:
      op === "update" && exactBefore !== null && exactAfter !== null ? changedColumns(exactBefore, exactAfter) : [],
    position: { lsn: numberOf(tail[4]!), txId: numberOf(tail[3]!) },
    committedAtMicros: op === "snapshot" ? null : commitTime(numberOf(tail[1]!)),
    topic: origin.topic,
    partition: origin.partition,
    offset: origin.offset,
  };
  texts.before = copyable && exactBefore === before ? beforeText : null;
  texts.after = copyable && exactAfter === after && unavailable === undefined ? afterText : null;
  const change = body as Change;
  const untold = unchanged ?? unavailable;
  if (untold !== undefined) change.unchanged = untold;
  return change;
}

/** With `schemas.enable` the schema, most of the text, comes before: where the payload begins, -1 when that is not certain. */
function startOfPayload(text: string): number {
  if (!text.startsWith(SCHEMA)) return -1;
  const payload = text.indexOf(PAYLOAD);
  return payload === -1 || text.indexOf(PAYLOAD, payload + 1) !== -1 ? -1 : payload + PAYLOAD.length;
}

/** The row that is the key, and sets its text; undefined for a key that the general way must look at. */
export function quickKey(text: string, texts: Texts): Row | undefined {
  const isWrapped = text.startsWith('{"schema"');
  const payload = isWrapped ? startOfPayload(text) : 0;
  // Of a column called "schema" only the general way knows what it is.
  if (payload === -1) return undefined;
  const key = isWrapped ? text.slice(payload, -1) : text;
  const row = parseRow(key);
  if (!row || mayBeRounded(row)) return undefined;
  if (isOneLine(key)) texts.key = key;
  return row;
}

/** Undefined for what is no row: the general way says why. */
function parseRow(text: string): Row | null | undefined {
  if (text === "null") return null;
  if (text[0] !== "{") return undefined;
  try {
    return JSON.parse(text) as Row;
  } catch {
    return undefined;
  }
}

/** Names of columns; null for what is something else. */
function parseNames(text: string): string[] | null {
  try {
    const names = JSON.parse(text) as unknown;
    const areNames = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === "string");
    return areNames ? names : null;
  } catch {
    return null;
  }
}

/** JSON may have line ends between its parts, which a line of the log and of the feed must not have. */
function isOneLine(text: string): boolean {
  return text.indexOf("\n") === -1 && text.indexOf("\r") === -1;
}

function exact(row: Row, text: string): Row {
  return mayBeRounded(row) ? (parseExactly(text) as Row) : row;
}

/** Of digits, or null. By hand, as it is three times faster for large ones. */
function numberOf(text: string | undefined): number | null {
  if (text === undefined || text === "null") return null;
  let number = 0;
  for (let i = 0; i < text.length; i++) number = number * 10 + text.charCodeAt(i) - ZERO;
  return number;
}

const ZERO = 0x30;

/** The same string for the same table each time, which makes it fast to look up; mostly it is the last one's. */
const tables = new Map<string, string>();
let last = { names: "", table: "" };

function tableOf(names: string): string {
  if (names === last.names) return last.table;
  let table = tables.get(names);
  if (table === undefined) {
    const source = JSON.parse(`{${names}}`) as { schema: string; table: string };
    table = source.schema === "" ? source.table : `${source.schema}.${source.table}`;
    tables.set(names, table);
  }
  last = { names, table };
  return table;
}
