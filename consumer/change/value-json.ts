/** Values and rows as JSON in one line, where there is no text of the record to copy. */
import type { Value } from "./row";

export function valueToJson(value: Value): string {
  const json = JSON.stringify(value, digits);
  return json.includes(NEGATIVE_ZERO) ? json.replaceAll(`"${NEGATIVE_ZERO}"`, "-0.0") : json;
}

/** Stands for -0.0, which JSON.stringify writes as 0. Nobody can guess it, so no text of a row can be taken for it. */
const NEGATIVE_ZERO = `negative-zero-${Math.random().toString(36).slice(2)}`;

/** Replaces the two values that JSON.stringify does not write: it throws on a BigInt, and loses the sign of -0. */
function digits(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return Object.is(value, -0) ? NEGATIVE_ZERO : value;
}
