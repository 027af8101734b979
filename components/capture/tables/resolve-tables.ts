import { didYouMean, nearest } from "../../nearest";
import { chosenTables, isLeftOut } from "../../names/chosen-tables";
import { nameOf, patternOf } from "../../names/table-names";

/** What a list of patterns stands for in a database. */
export interface Resolution {
  /** `schema.table`, sorted, each once. */
  captured: string[];
  /** One sentence for each entry that stands for nothing. */
  missing: { pattern: string; reason: string; near: boolean }[];
}

/** The tables that the entries name, sorted; `undefined` when an entry stands for a whole schema, which only the database can resolve. */
export function certainTables(entries: readonly string[]): string[] | undefined {
  const names = chosenTables(entries).patterns.map(nameOf);
  return names.some((name) => name.endsWith(".*")) ? undefined : [...new Set(names)].sort();
}

/**
 * The tables that the entries stand for among those that exist.
 *
 * @param others what cannot be captured, by name, and why: `is a view, …`
 */
export function resolveTables(
  entries: readonly string[],
  existing: readonly string[],
  others: Readonly<Record<string, string>> = {},
): Resolution {
  const captured: string[] = [];
  const missing: Resolution["missing"] = [];
  const { leftOut } = chosenTables(entries);
  for (const entry of entries) {
    if (isLeftOut(entry)) continue;
    const pattern = nameOf(patternOf(entry));
    const matching = existing.filter((table) =>
      pattern.endsWith(".*") ? table.startsWith(pattern.slice(0, -1)) : table === pattern,
    );
    captured.push(...matching.filter((table) => !leftOut.includes(table)));
    const other = matching.length === 0 ? others[pattern] : undefined;
    if (other !== undefined) missing.push({ pattern: entry, reason: `${pattern} ${other}.`, near: true });
    else if (matching.length === 0) missing.push({ ...missingTable(pattern, existing), pattern: entry });
  }
  // A slip in the name of a left-out table would have that table captured.
  for (const table of leftOut) {
    if (existing.includes(table) || table in others) continue;
    missing.push({ ...missingTable(table, existing), pattern: `!${table}` });
  }
  if (captured.length === 0 && missing.length === 0) {
    const reason = "`tables` leaves out every table that it stands for: nothing would be captured.";
    missing.push({ pattern: entries[0] ?? "", reason, near: true });
  }
  return { captured: [...new Set(captured)].sort(), missing };
}

/**
 * Pure: whether some entry stands for no captured table, so that an `up` would add one.
 *
 * @param captured `schema.table`; undefined before the first `up`, which makes the tables itself
 */
export function hasAdded(entries: readonly string[], captured: readonly string[] | undefined): boolean {
  if (captured === undefined) return false;
  const names = chosenTables(entries).patterns.map(nameOf);
  return names.some((name) =>
    name.endsWith(".*") ? !captured.some((table) => table.startsWith(name.slice(0, -1))) : !captured.includes(name),
  );
}

function missingTable(pattern: string, existing: readonly string[]): { reason: string; near: boolean } {
  const schema = pattern.slice(0, pattern.indexOf("."));
  if (pattern.endsWith(".*")) {
    const schemas = [...new Set(existing.map((table) => table.slice(0, table.indexOf("."))))];
    return {
      reason: `Schema ${schema} has no table.${didYouMean(schema, schemas)}`,
      near: nearest(schema, schemas).length > 0,
    };
  }
  // A table of that name in another schema is a near miss too, however different the schemas' names are.
  const elsewhere = existing.filter((table) => table.slice(table.indexOf(".")) === pattern.slice(pattern.indexOf(".")));
  const hint =
    elsewhere.length > 0 ? ` Did you mean ${elsewhere.slice(0, 3).join(" or ")}?` : didYouMean(pattern, existing);
  return { reason: `Table ${pattern} does not exist.${hint}`, near: hint !== "" };
}
