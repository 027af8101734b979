/** Rows and values as the parser yields them, and the one question asked about two of them: which columns differ. */

/** A column's value as Debezium's JSON carries it; an integer beyond ±2^53 is a BigInt. */
export type Value = null | boolean | number | bigint | string | Value[] | { [name: string]: Value };
export type Row = { [column: string]: Value };

/**
 * What Debezium writes for a large value that an UPDATE did not touch (Postgres keeps it out of the row and does not
 * send it again): as text, as bytes in base64.
 */
const UNAVAILABLE = "__debezium_unavailable_value";
const UNAVAILABLE_BYTES = Buffer.from(UNAVAILABLE).toString("base64");

/**
 * Names of the columns that differ, in the order of `after`. A value that `after` lacks because it was not touched is
 * filled in from `before`, in place; `filled` says whether there was one.
 */
export function compareRows(before: Row, after: Row): { changed: string[]; filled: boolean } {
  const changed: string[] = [];
  let filled = false;
  for (const column in after) {
    const then = before[column];
    const now = after[column];
    if (then === now && (now !== 0 || Object.is(then, now))) continue;
    if (isUnavailable(now)) {
      if (then === undefined) continue;
      after[column] = then;
      filled = true;
    } else if (!sameValue(then, now)) {
      changed.push(column);
    }
  }
  return { changed, filled };
}

function isUnavailable(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.length === 1 && isUnavailable(value[0]);
  return value === UNAVAILABLE || value === UNAVAILABLE_BYTES;
}

/** Deep equality of JSON values. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  // Of two zeros one may be negative.
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameValue(item, b[index]));
  }
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameValue(a[name], b[name]));
}
