/** Writes values of changes as texts that Postgres reads. Pure. */
import type { Value } from "../../consumer/change/row";
import { valueToJson } from "../../consumer/change/value-json";

/** Types whose values have another form in changes than in Postgres: docs/consumer.md, "Values". */
const BY_TYPE: { [type: string]: (value: Value) => string } = {
  bytea: (value) => `\\x${Buffer.from(String(value), "base64").toString("hex")}`,
  numeric: (value) => INFINITE[String(value)] ?? String(value),
  point: (value) => {
    if (!isRow(value)) return String(value);
    return `(${valueToJson(value["x"]!)},${valueToJson(value["y"]!)})`;
  },
  hstore: (value) => {
    const pairs = Object.entries(JSON.parse(String(value)) as { [name: string]: string | null });
    return pairs.map(([name, of]) => `${quoted(name)}=>${of === null ? "NULL" : quoted(of)}`).join(",");
  },
};

const INFINITE: { [word: string]: string | undefined } = {
  NAN: "NaN",
  POSITIVE_INFINITY: "Infinity",
  NEGATIVE_INFINITY: "-Infinity",
};

/**
 * @param type name of the column's type; for an array, that of its elements
 * @param isArray whether the column is an array
 */
export function toPostgres(value: Value, type: string, isArray: boolean): string | null {
  if (value === null) return null;
  if (isArray && Array.isArray(value)) {
    const elements = value.map((each) => {
      const text = toPostgres(each, type, isArray);
      return Array.isArray(each) ? text : text === null ? "NULL" : quoted(text);
    });
    return `{${elements.join(",")}}`;
  }
  const convert = BY_TYPE[type];
  if (convert !== undefined && !(isArray && type === "point")) return convert(value);
  return typeof value === "string" ? value : valueToJson(value).replaceAll('"', "");
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function isRow(value: Value): value is { [name: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
