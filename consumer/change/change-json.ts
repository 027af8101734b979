/** A change as the JSON text of the log, of `/changes` and of `/events` (`ChangeJson`), and as a line for people. */
import type { ChangeJson } from "../api";
import type { Change } from "./change-event";
import type { Texts } from "./envelope";
import { decodeContent } from "./message-content";
import type { Row, Value } from "./row";
import { valueToJson } from "./value-json";

/** What the stream knows about a change apart from its content, when it hands the change to the handler. */
export interface Arrival {
  /** Milliseconds from the commit to the handler; null when the commit time is not known. */
  lagMs: number | null;
  duplicate?: ChangeJson["duplicate"] | undefined;
  /** The change was a dead letter and was sent back. Changes that came after it may be handled already. */
  retried?: true | undefined;
}

/** An arrival once the handler is done. Only then the change gets its id, its place among the handled changes. */
export interface Observation extends Arrival {
  id: number;
}

/** One line of JSON, without the line's end. @param body what `changeToBody` made */
export function withId(id: number, body: string): string {
  return `{"id":${id},${body}`;
}

/**
 * That line without the id at its beginning. It is put together by hand, in a quarter of the time that JSON.stringify takes.
 *
 * @param texts JSON of key and rows where there is one to copy
 */
export function changeToBody(change: Change, arrival: Arrival, texts: Texts = NO_TEXTS): string {
  const { position, committedAtMicros } = change;
  let json =
    `"op":"${change.op}","eventId":${idToJson(change)},"table":${quoted(change.table)},"key":${texts.key ?? valueToJson(change.key)}` +
    `,"before":${texts.before ?? valueToJson(change.before)},"after":${texts.after ?? valueToJson(change.after)}` +
    `,"changed":[${change.changed.map(quoted).join(",")}]`;
  if (change.unchanged !== undefined) json += `,"unchanged":[${change.unchanged.map(quoted).join(",")}]`;
  json += `,"lagMs":${arrival.lagMs},"committedAt":`;
  json += committedAtMicros === null ? "null" : `"${isoMicros(committedAtMicros)}"`;
  if (position === null) json += ',"position":null';
  else if (position.lsn === null) json += `,"position":{"lsn":null,"txId":${position.txId}}`;
  else json += `,"position":{"lsn":"${formatLsn(position.lsn)}","txId":${position.txId}}`;
  json += `,"topic":${quoted(change.topic)},"partition":${change.partition},"offset":"${change.offset}"`;
  if (change.message !== undefined) json += `,"message":${JSON.stringify(change.message)}`;
  if (arrival.duplicate !== undefined) json += `,"duplicate":"${arrival.duplicate}"`;
  if (arrival.retried) json += ',"retried":true';
  return `${json}}`;
}

const NO_TEXTS: Texts = { key: null, before: null, after: null };

/** Only the id of a snapshot row may hold characters that JSON must escape: it ends with the table and the key. */
function idToJson({ op, eventId }: Change): string {
  if (eventId === null) return "null";
  return op === "snapshot" ? JSON.stringify(eventId) : `"${eventId}"`;
}

/** The JSON of names of tables, topics and columns. The names are few, and every change needs some of them. */
const names = new Map<string, string>();
const MOST_NAMES = 10_000;

function quoted(name: string): string {
  let json = names.get(name);
  if (json === undefined) {
    if (names.size >= MOST_NAMES) names.clear();
    json = JSON.stringify(name);
    names.set(name, json);
  }
  return json;
}

/** `12:00:00.123  update    public.customers  id=1  email: 'a' → 'b'  5.3 ms` */
export function changeToText(change: Change, arrival: Arrival): string {
  const columns = [
    change.committedAtMicros === null ? "            " : isoMicros(change.committedAtMicros).slice(11, 23),
    change.op.padEnd(8),
    change.op === "message" ? (change.message?.prefix ?? "") : change.table,
    change.key ? assignments(change.key, " ") : "",
    details(change),
    arrival.lagMs === null ? "" : `${arrival.lagMs.toFixed(1)} ms`,
    arrival.duplicate ?? "",
    arrival.retried ? "retried" : "",
  ];
  return printable(columns.filter((column) => column !== "").join("  "));
}

function details(change: Change): string {
  switch (change.op) {
    case "update": {
      const { before, after, changed } = change;
      if (before === null) return newRow(change);
      const differences = changed.map((c) => `${c}: ${formatValue(before[c])} → ${formatValue(after[c])}`);
      // Where `before` has only the key's columns, it is not known whether the others changed.
      const untold = Object.entries(after).filter(([column]) => !Object.hasOwn(before, column));
      return [...differences, ...untold.map(assignment), ...untouched(change)].join(", ");
    }
    case "delete":
      return change.before ? assignments(change.before, ", ") : "";
    case "message":
      return formatValue(decodeContent(change.message?.content ?? ""));
    default:
      return newRow(change);
  }
}

function newRow(change: Change): string {
  return change.after ? [assignments(change.after, ", "), ...untouched(change)].join(", ") : "";
}

function untouched({ unchanged = [] }: Change): string[] {
  return unchanged.map((column) => `${column} unchanged`);
}

function assignments(row: Row, separator: string): string {
  return Object.entries(row).map(assignment).join(separator);
}

function assignment([column, value]: [string, Value]): string {
  return `${column}=${formatValue(value)}`;
}

const LONGEST = 120;

function formatValue(value: Value | undefined): string {
  if (value === undefined) return "?";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "object" && value !== null) {
    return shorten(valueToJson(value));
  }
  if (Object.is(value, -0)) return "-0";
  if (typeof value !== "string") return String(value);
  return `'${shorten(value)}'`;
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}

/** Escapes line ends and control characters, so that a row cannot forge a line of the log or control the terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x20 ? JSON.stringify(char).slice(1, -1) : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Postgres writes a position as the two halves of 64 bits in hexadecimal: `0/1A2B3C8`. */
export function formatLsn(lsn: number): string {
  const high = Math.floor(lsn / 2 ** 32);
  return `${high.toString(16).toUpperCase()}/${(lsn - high * 2 ** 32).toString(16).toUpperCase()}`;
}

/** The second that was formatted last. At thousands of changes a second, most changes need the same one. */
let formatted = { second: NaN, text: "" };

/** ISO 8601 in UTC, with µs. */
export function isoMicros(micros: number): string {
  const second = Math.floor(micros / 1_000_000);
  if (second !== formatted.second) {
    formatted = { second, text: new Date(second * 1000).toISOString().slice(0, 19) };
  }
  return `${formatted.text}.${String(micros - second * 1_000_000).padStart(6, "0")}Z`;
}
