/** The placeholder that Debezium as it is published writes for a value that the log lacks. This project's classes leave such columns out. */
import type { Row, Value } from "./row";

const MARK = "__debezium_unavailable_value";
/** Of bytes, and of types that Debezium does not know. */
const MARKED_BYTES = Buffer.from(MARK).toString("base64");

/** Takes placeholders out of the row. @returns the names of their columns; undefined: there are none */
export function takeUnavailable(after: Row | null): string[] | undefined {
  if (after === null) return undefined;
  const names = Object.keys(after).filter((name) => isMark(after[name]!));
  for (const name of names) delete after[name];
  return names.length > 0 ? names : undefined;
}

function isMark(value: Value): boolean {
  return value === MARK || value === MARKED_BYTES;
}
