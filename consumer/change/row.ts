/** Rows and values as the parser makes them, and the columns in which two rows differ. */

/** A column's value as Debezium's JSON carries it; an integer beyond ±2^53 is a BigInt. */
export type Value = null | boolean | number | bigint | string | Value[] | { [name: string]: Value };
export type Row = { [column: string]: Value };

/** Names of the columns that differ, in the order of `after`. Columns that `before` lacks are left out: it may have only those of the key. */
export function changedColumns(before: Row, after: Row): string[] {
  const changed: string[] = [];
  for (const column in after) {
    const then = before[column];
    const now = after[column];
    if (then === now && (now !== 0 || Object.is(then, now))) continue;
    if (Object.hasOwn(before, column) && !sameValue(then, now)) changed.push(column);
  }
  return changed;
}

/** Deep equality of JSON values. */
function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  // `===` would take 0 and -0 for the same.
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameValue(item, b[index]));
  }
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameValue(a[name], b[name]));
}
