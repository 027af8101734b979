/** Writes values of changes as texts that Postgres reads. Pure. */
import type { Value } from "../../consumer/change/row";
import { valueToJson } from "../../consumer/change/value-json";

/** Types whose values have another form in changes than in Postgres: docs/consumer.md, "Values". */
const BY_TYPE: { [type: string]: (value: Value) => string } = {
  bytea: (value) => `\\x${Buffer.from(String(value), "base64").toString("hex")}`,
  numeric: (value) => INFINITE[String(value)] ?? String(value),
  point: (value) => {
    if (!isRow(value)) return String(value);
    return `(${scalar(value["x"]!, "float8")},${scalar(value["y"]!, "float8")})`;
  },
  date: moment,
  timestamp: moment,
  timestamptz: moment,
  hstore: (value) => {
    const pairs = Object.entries(JSON.parse(String(value)) as { [name: string]: string | null });
    return pairs.map(([name, of]) => `${quoted(name)}=>${of === null ? "NULL" : quoted(of)}`).join(",");
  },
};

/** A year before 1 or after 9999 as ISO 8601 has it: with a sign, and 44 BC as -0043. Postgres takes neither. */
function moment(value: Value): string {
  const text = String(value);
  const [, sign, digits, rest] = /^([+-]?)(\d{4,})(-.*)$/.exec(text) ?? [];
  if (digits === undefined) return text;
  const year = sign === "-" ? -Number(digits) : Number(digits);
  return year > 0 ? digits + rest! : `${String(1 - year).padStart(4, "0")}${rest!} BC`;
}

const INFINITE: { [word: string]: string | undefined } = {
  NAN: "NaN",
  POSITIVE_INFINITY: "Infinity",
  NEGATIVE_INFINITY: "-Infinity",
};

/**
 * @param type name of the column's type; for an array, that of its elements
 * @param delimiter what is between an array's elements: a comma, for boxes a semicolon; null for other types
 */
export function toPostgres(value: Value, type: string, delimiter: string | null): string | null {
  if (value === null) return null;
  if (delimiter === null) return scalar(value, type);
  // An array whose first element is not number 1 comes as Postgres prints it.
  return Array.isArray(value) ? list(value, type, delimiter) : String(value);
}

function list(values: readonly Value[], type: string, delimiter: string): string {
  const elements = values.map((each) => {
    if (each === null) return "NULL";
    return Array.isArray(each) && !isVector(each, type) ? list(each, type, delimiter) : quoted(scalar(each, type));
  });
  return `{${elements.join(delimiter)}}`;
}

function scalar(value: Value, type: string): string {
  const convert = BY_TYPE[type];
  if (convert !== undefined) return convert(value);
  return typeof value === "string" ? value : valueToJson(value).replaceAll('"', "");
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** A vector is an array of numbers, and an array of vectors is one of these. */
function isVector(value: readonly Value[], type: string): boolean {
  return (type === "vector" || type === "halfvec") && !Array.isArray(value[0]);
}

function isRow(value: Value): value is { [name: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
