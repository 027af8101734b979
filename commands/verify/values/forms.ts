/**
 * Values of both sides in one form. Written for the comparison alone: neither Debezium's, nor the converter's, nor the consumer's
 * code decides here what a value is. Which JSON stands for which type: docs/consumer.md, "Values".
 */
import { isLosslessNumber } from "lossless-json";
import { arrayOf, type Nested } from "./pg-array";
import { day, moment, hstorePairs, point, isoDuration } from "./pg-text";

/** A column's type, domains resolved to what is below them. */
export interface ColumnType {
  /** Name in pg_catalog, or of an extension's type; `text` for all others. */
  name: string;
  /** Of an array. */
  element?: ColumnType;
  /** Between the elements of an array. */
  delimiter?: string;
  /** For published Debezium: values that it writes in base64, and times with only the decimals that they have. */
  published?: "base64" | "same";
}

/** A value in the compared form: null, a text with a mark of its kind before it, or a list of such. Two of these are equal exactly when the values are. */
export type Canon = null | string | Canon[];

/** The marks of two kinds. */
export const TEXT = "'";
export const NUMBER = "#";

/** Pure: the form of a text that Postgres prints with ISO dates, in UTC, with its own style of intervals, and bytea as hex. */
export function canonOfText(type: ColumnType, text: string | null): Canon {
  if (text === null) return null;
  if (type.element) {
    const array = arrayOf(text, type.delimiter ?? ",");
    // An array whose first element is not number 1 arrives as text.
    return array === undefined ? TEXT + text : mapped(array, (element) => canonOfElement(type.element!, element));
  }
  switch (type.name) {
    case "int2":
    case "int4":
    case "int8":
    case "oid":
      return NUMBER + text;
    case "float4":
      return float(Math.fround(Number(text)), text);
    case "float8":
      return float(Number(text), text);
    case "bool":
      return text === "t" ? "!true" : "!false";
    case "numeric":
      return TEXT + ({ NaN: "NAN", Infinity: "POSITIVE_INFINITY", "-Infinity": "NEGATIVE_INFINITY" }[text] ?? text);
    case "money":
      return TEXT + text.replace(/[^-.0-9]/g, "");
    case "timestamp":
    case "timestamptz":
      return TEXT + moment(text);
    case "date":
      return TEXT + day(text);
    case "time":
      return `${TEXT}${text}Z`;
    case "interval":
      return TEXT + isoDuration(text);
    case "bytea":
      return TEXT + Buffer.from(text.slice(2), "hex").toString("base64");
    case "point":
      return `@${point(text).join()}`;
    case "hstore":
      return `%${JSON.stringify(hstorePairs(text).sort(byKey))}`;
    case "vector":
    case "halfvec":
      return text
        .slice(1, -1)
        .split(",")
        .map((each) => float(Math.fround(Number(each)), each));
    default:
      return TEXT + text;
  }
}

/** A point within an array arrives as text, since Debezium has no array of its struct for points. */
function canonOfElement(type: ColumnType, text: string | null): Canon {
  return type.name === "point" && text !== null ? TEXT + text : canonOfText(type, text);
}

/** Pure: the form of a value in the topic, parsed without rounding: numbers as `record-json.ts` has them. A value that does not fit the type equals nothing. */
export function canonOfJson(type: ColumnType, value: unknown): Canon {
  if (value === null) return null;
  if (Array.isArray(value)) {
    const element = type.element ?? { name: "float4" };
    return value.map((each) => (Array.isArray(each) ? canonOfJson(type, each) : canonOfJson(element, each)));
  }
  if (typeof value === "boolean") return `!${value}`;
  if (typeof value === "number" || isLosslessNumber(value)) {
    const digits = typeof value === "number" ? numberText(value) : value.value;
    if (type.name === "float4") return float(Math.fround(Number(digits)), digits);
    return type.name === "float8" ? float(Number(digits), digits) : NUMBER + digits;
  }
  if (typeof value === "string") {
    if (type.published !== undefined) return canonOfJson({ ...type, published: undefined }, asOurs(type, value));
    if (type.name === "hstore" && value.startsWith("{")) return `%${JSON.stringify(entriesOf(value))}`;
    if (type.name === "timestamptz") return TEXT + sixDecimals(value);
    return (type.name === "float4" || type.name === "float8") && /^(NaN|-?Infinity)$/.test(value)
      ? NUMBER + value
      : TEXT + value;
  }
  const { x, y } = value as { x?: unknown; y?: unknown };
  return type.name === "point" ? `@${Number(x)},${Number(y)}` : `?${JSON.stringify(value)}`;
}

/** A text of published Debezium in the form that this project's classes write. */
function asOurs({ name, published }: ColumnType, text: string): string {
  if (published === "base64") return Buffer.from(text, "base64").toString();
  return name === "timestamp" ? sixDecimals(text) : text;
}

/** A record has the decimals that its column had. Those that are added later, as `timestamptz(3)` becomes `timestamptz`, are zeros in rows that nobody wrote. */
function sixDecimals(text: string): string {
  const at = /^(.*:\d\d)(?:\.(\d+))?Z$/.exec(text);
  return at === null ? text : `${at[1]}.${(at[2] ?? "").padEnd(6, "0")}Z`;
}

function float(value: number, text: string): string {
  return NUMBER + (Object.is(value, -0) || /^-0(\.0*)?$/.test(text) ? "-0" : String(value));
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function entriesOf(json: string): [string, string | null][] {
  return Object.entries(JSON.parse(json) as Record<string, string | null>).sort(byKey);
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function mapped(list: Nested[], form: (element: string | null) => Canon): Canon[] {
  return list.map((each) => (Array.isArray(each) ? mapped(each, form) : form(each)));
}
