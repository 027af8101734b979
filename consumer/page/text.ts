import type { ChangeJson, JsonRow, JsonValue } from "../api";
import { decodeContent } from "../change/message-content";

/** How a value is shown. The class says of what kind it is, because "null" and NULL must not look the same. */
export interface Shown {
  text: string;
  kind: "null" | "empty" | "number" | "text" | "untold";
  /** Characters in all, when `text` is only the beginning. */
  of?: number;
}

/** Stands for a large value that the update did not touch, and that Postgres' log therefore lacks. */
export const UNCHANGED: unique symbol = Symbol("unchanged");

/** A value, or why there is none. Undefined stands for a column that `before` lacks because it has only the key. */
export type ShownValue = JsonValue | typeof UNCHANGED | undefined;

/** The beginning of a value on one line. */
export function preview(value: ShownValue, max: number): Shown {
  if (value === null) return { text: "null", kind: "null" };
  if (value === undefined) return { text: "not known", kind: "untold" };
  if (value === UNCHANGED) return { text: "unchanged", kind: "untold" };
  if (value === "") return { text: "empty", kind: "empty" };
  const whole = asText(value);
  const kind = typeof value === "number" || typeof value === "boolean" ? "number" : "text";
  if (whole.length <= max) return { text: oneLine(whole), kind };
  return { text: `${oneLine(cut(whole, max))}…`, kind, of: whole.length };
}

export function asText(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The first `max` characters, without half a surrogate pair at the end. */
export function cut(text: string, max: number, from = 0): string {
  const end = from + max;
  const last = text.charCodeAt(end - 1);
  return text.slice(from, end < text.length && last >= 0xd800 && last < 0xdc00 ? end - 1 : end);
}

/** Shows line breaks and other control characters as symbols, so that a row stays on one line and nothing is hidden. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => {
    const code = char.charCodeAt(0);
    if (char === "\n") return "⏎";
    if (char === "\t") return "⇥";
    if (code === 0x7f) return "␡";
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "�";
  });
}

/** Columns that a line shows, and their values. For an update, these are the changed ones. */
export interface Cell {
  column: string;
  before?: ShownValue;
  after?: ShownValue;
}

export function cells(change: ChangeJson): Cell[] {
  const { op, before, after, changed, unchanged = [], key } = change;
  const untouched = unchanged.map((column): Cell => ({ column, after: UNCHANGED }));
  if (op === "update" && before) {
    // Where `before` has only the key's columns, it is not known whether the others changed.
    const untold = Object.keys(after ?? {}).filter((column) => !Object.hasOwn(before, column));
    return [...[...changed, ...untold].map((column) => cell(change, column)), ...untouched];
  }
  const row = after ?? before ?? {};
  // The line shows the key in a place of its own.
  const told = Object.keys(row)
    .filter((column) => key === null || !(column in key))
    .map((column) => (op === "delete" ? { column, before: row[column] } : { column, after: row[column] }));
  return [...told, ...untouched];
}

/** All columns, for the opened row. */
export function allCells(change: ChangeJson): Cell[] {
  const { before, after, unchanged = [] } = change;
  const columns = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...unchanged]);
  return [...columns].map((column) => cell(change, column));
}

function cell({ before, after, unchanged }: ChangeJson, column: string): Cell {
  const is = unchanged?.includes(column) ? UNCHANGED : after?.[column];
  const was = before && Object.hasOwn(before, column) && { before: before[column] };
  return { column, ...was, ...(after && { after: is }) };
}

/** The text of a line that has no columns to show. */
export function remark(change: ChangeJson): string {
  switch (change.op) {
    case "truncate":
      return "all rows removed";
    case "message":
      return change.message ? decodeContent(change.message.content) : "";
    case "update":
      return change.before ? "no column changed" : "";
    case "delete":
      return "only the key is known";
    default:
      return "";
  }
}

export function keyText(key: JsonRow | null): string {
  if (key === null) return "";
  return Object.values(key)
    .map((value) => preview(value, 40).text)
    .join(" · ");
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function count(n: number): string {
  return whole.format(n);
}

/** Bytes with a decimal unit, as for disks and networks. */
export function decimalBytes(n: number): string {
  if (n < 1_000) return `${n} B`;
  return n < 1_000_000 ? `${(n / 1_000).toFixed(1)} kB` : `${(n / 1_000_000).toFixed(1)} MB`;
}

/** Three digits are enough to compare two latencies. */
export function milliseconds(ms: number | null | undefined): { number: string; unit: string } {
  if (ms === null || ms === undefined) return { number: "–", unit: "" };
  const abs = Math.abs(ms);
  if (abs < 10) return { number: ms.toFixed(1), unit: "ms" };
  if (abs < 1_000) return { number: ms.toFixed(0), unit: "ms" };
  if (abs < 100_000) return { number: (ms / 1_000).toFixed(abs < 10_000 ? 2 : 1), unit: "s" };
  if (abs < 7_200_000) return { number: whole.format(ms / 60_000), unit: "min" };
  return { number: whole.format(ms / 3_600_000), unit: "h" };
}

export function duration(ms: number | null | undefined): string {
  const { number, unit } = milliseconds(ms);
  return unit ? `${number} ${unit}` : number;
}

/** Local time of day with milliseconds. The date is in the opened row. */
export function clock(iso: string | null): string {
  if (iso === null) return "";
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const two = (n: number): string => String(n).padStart(2, "0");
  const ms = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}
