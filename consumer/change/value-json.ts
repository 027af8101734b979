/** Values and rows as JSON in one line, where there is no text of the record to copy. */
import type { Value } from "./row";

export function valueToJson(value: Value): string {
  const json = JSON.stringify(value, digits);
  return json.includes(NEGATIVE_ZERO) ? json.replaceAll(`"${NEGATIVE_ZERO}"`, "-0.0") : json;
}

/** Stands for -0.0, of which JSON.stringify makes 0. Not guessable from outside, so no text of a row can be taken for it. */
const NEGATIVE_ZERO = `negative-zero-${Math.random().toString(36).slice(2)}`;

/** JSON.stringify refuses BigInt. */
function digits(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return Object.is(value, -0) ? NEGATIVE_ZERO : value;
}
