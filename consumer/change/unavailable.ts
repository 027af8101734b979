/** The placeholder that published Debezium writes for a value that Postgres' log lacks. This project's own classes leave such columns out. */
import type { Row, Value } from "./row";

const MARK = "__debezium_unavailable_value";
/** The placeholder in columns of bytes, and of types that Debezium does not know. */
const MARKED_BYTES = Buffer.from(MARK).toString("base64");

/** Removes columns with placeholders from the row. @returns their names; undefined when there are none */
export function takeUnavailable(after: Row | null): string[] | undefined {
  if (after === null) return undefined;
  const names = Object.keys(after).filter((name) => isMark(after[name]!));
  for (const name of names) delete after[name];
  return names.length > 0 ? names : undefined;
}

function isMark(value: Value): boolean {
  return value === MARK || value === MARKED_BYTES;
}
