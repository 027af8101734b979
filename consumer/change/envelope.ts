/**
 * The fast parser of records. It takes only the form that Debezium 3 writes for a row of Postgres, which one regular expression
 * recognises. Only the two rows are parsed as JSON. The rest is most of the text, and is the same in every record but for some
 * numbers and names; the parser cuts out the few that it needs. Records of any other form are left to the general parser,
 * `parse-record.ts`. For a record that both can read, both give the same result.
 */
import { commitTime } from "./commit-time";
import type { Change, Origin } from "./change-event";
import { eventIdOf, keylessPlace } from "./event-id";
import { mayBeRounded, parseExactly } from "./lossless-json";
import { OP_OF_LETTER } from "./op-letters";
import { type Row, changedColumns } from "./row";
import { takeUnavailable } from "./unavailable";

/**
 * The record's own JSON of a change's parts, to be copied where the change is written as JSON again. Null for a part whose text has
 * line ends, or says something else than the parsed part.
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

// None of these texts can begin inside a JSON string: a quote in a string has a backslash before it.
const NAME = '"[^"\\\\]*"';
const NUMBER = "(?:null|\\d+)";
const TAIL = new RegExp(
  `,"source":\\{"version":${NAME},"connector":"postgresql","name":${NAME},"ts_ms":\\d+,"snapshot":(?:null|${NAME}),"db":${NAME}` +
    `,"sequence":(?:null|"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"),"ts_us":(\\d+),"ts_ns":\\d+,("schema":${NAME},"table":${NAME})` +
    `,"txId":(${NUMBER}),"lsn":(${NUMBER}),"xmin":${NUMBER}(?:,"origin":(?:null|${NAME}),"origin_lsn":${NUMBER})?` +
    `(?:,"commit_lsn":(${NUMBER}),"event_serial_no":(${NUMBER}))?\\},"transaction":null,"op":"([crud])","ts_ms":\\d+,"ts_us":\\d+,"ts_ns":\\d+\\}(\\})?$`,
  "y",
);

/** Operations by Debezium's letter. An object's lookup is faster than a map's, and TAIL lets no other letters through. */
const OPS = Object.fromEntries(OP_OF_LETTER);

/** @returns the change; undefined for a record that is left to the general parser. Sets `before` and `after` of `texts` */
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
  // A column called "after" may hold an object. It is then not certain where the first row ends.
  if (afterText.includes(AFTER)) return undefined;
  const before = parseRow(beforeText);
  const after = parseRow(afterText);
  if (before === undefined || after === undefined || (after === null && op !== "delete")) return undefined;
  const unchanged = names === end ? undefined : parseNames(text.slice(names + UNCHANGED.length, end));
  if (unchanged === null) return undefined;

  const table = tableOf(tail[2]!);
  const copyable = isOneLine(text);
  const commitLsn = tail[5] === "null" ? undefined : tail[5];
  const serialNo = numberOf(tail[6]);
  const exactBefore = before && exact(before, beforeText);
  const exactAfter = after && exact(after, afterText);
  const unavailable =
    tail[5] === undefined && (op === "update" || op === "create") ? takeUnavailable(exactAfter) : undefined;
  // The object gets all its fields at once. Adding them one by one takes as long as parsing a row.
  const body = {
    op,
    eventId: eventIdOf(op, commitLsn, serialNo, table, key, texts.key),
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
  const place = keylessPlace(op, body.eventId, commitLsn, serialNo);
  if (place !== undefined) change.snapshotPlace = place;
  return change;
}

/** With `schemas.enable`, the schema comes before the payload. @returns where the payload begins; -1 when that is not certain */
function startOfPayload(text: string): number {
  if (!text.startsWith(SCHEMA)) return -1;
  const payload = text.indexOf(PAYLOAD);
  return payload === -1 || text.indexOf(PAYLOAD, payload + 1) !== -1 ? -1 : payload + PAYLOAD.length;
}

/** @returns the key as a row; undefined for a key that is left to the general parser. Sets `key` of `texts` */
export function quickKey(text: string, texts: Texts): Row | undefined {
  const isWrapped = text.startsWith('{"schema"');
  const payload = isWrapped ? startOfPayload(text) : 0;
  // This may be a key with a column called "schema". Only the general parser can tell.
  if (payload === -1) return undefined;
  const key = isWrapped ? text.slice(payload, -1) : text;
  const row = parseRow(key);
  if (!row || mayBeRounded(row)) return undefined;
  if (isOneLine(key)) texts.key = key;
  return row;
}

/** @returns undefined for a text that is no row. The general parser then says why */
function parseRow(text: string): Row | null | undefined {
  if (text === "null") return null;
  if (text[0] !== "{") return undefined;
  try {
    return JSON.parse(text) as Row;
  } catch {
    return undefined;
  }
}

/** @returns names of columns; null for a text that is not a list of names */
function parseNames(text: string): string[] | null {
  try {
    const names = JSON.parse(text) as unknown;
    const areNames = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === "string");
    return areNames ? names : null;
  } catch {
    return null;
  }
}

/** JSON may have line ends between its parts. A text that has some cannot be copied into a line of the log or of the feed. */
function isOneLine(text: string): boolean {
  return text.indexOf("\n") === -1 && text.indexOf("\r") === -1;
}

function exact(row: Row, text: string): Row {
  return mayBeRounded(row) ? (parseExactly(text) as Row) : row;
}

/** The number that the digits say; null for "null". Computed by hand, which is three times faster for large numbers. */
function numberOf(text: string | undefined): number | null {
  if (text === undefined || text === "null") return null;
  let number = 0;
  for (let i = 0; i < text.length; i++) number = number * 10 + text.charCodeAt(i) - ZERO;
  return number;
}

const ZERO = 0x30;

/** A table gets the same string each time, which other maps find faster. Most changes are of the same table as the one before. */
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
