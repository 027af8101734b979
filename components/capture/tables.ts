import { didYouMean, nearest } from "../nearest";

/** What a list of patterns stands for in a database. */
export interface Resolution {
  /** `schema.table`, sorted, each once. */
  captured: string[];
  /** One sentence for each pattern that stands for nothing. */
  missing: { pattern: string; reason: string; near: boolean }[];
}

const NAME = /^[^.*\s][^.*]*\.(?:\*|[^.*]+)$/;

/** Why a pattern is neither `schema.table` nor `schema.*`; `undefined` when it is. */
export function patternTrouble(pattern: string): string | undefined {
  if (pattern.trim() === "") return "a table's name is empty: schema.table or schema.* is expected.";
  return NAME.test(pattern)
    ? undefined
    : `"${pattern}" is no table: schema.table or schema.* is expected${pattern.includes(".") ? "" : `, as in public.${pattern}`}.`;
}

/** Whether the patterns name their tables one by one, so that no database needs to be asked. */
export function areNames(patterns: readonly string[]): boolean {
  return patterns.every((pattern) => !pattern.endsWith(".*"));
}

/** The tables that the patterns stand for among those that exist. */
export function resolveTables(patterns: readonly string[], existing: readonly string[]): Resolution {
  const captured: string[] = [];
  const missing: Resolution["missing"] = [];
  for (const pattern of patterns) {
    const matching = pattern.endsWith(".*")
      ? existing.filter((table) => table.startsWith(pattern.slice(0, -1)))
      : existing.filter((table) => table === pattern);
    captured.push(...matching);
    if (matching.length === 0) missing.push(missingTable(pattern, existing));
  }
  return { captured: [...new Set(captured)].sort(), missing };
}

function missingTable(pattern: string, existing: readonly string[]): Resolution["missing"][number] {
  const schema = pattern.slice(0, pattern.indexOf("."));
  if (pattern.endsWith(".*")) {
    const schemas = [...new Set(existing.map((table) => table.slice(0, table.indexOf("."))))];
    return {
      pattern,
      reason: `Schema ${schema} has no table.${didYouMean(schema, schemas)}`,
      near: nearest(schema, schemas).length > 0,
    };
  }
  // A table of that name in another schema is a near miss too, however different the schemas' names are.
  const elsewhere = existing.filter((table) => table.slice(table.indexOf(".")) === pattern.slice(pattern.indexOf(".")));
  const hint =
    elsewhere.length > 0 ? ` Did you mean ${elsewhere.slice(0, 3).join(" or ")}?` : didYouMean(pattern, existing);
  return { pattern, reason: `Table ${pattern} does not exist.${hint}`, near: hint !== "" };
}

/** `["public", "customers"]`: the table's name may hold dots, the schema's may not. */
export function splitTable(table: string): [string, string] {
  const dot = table.indexOf(".");
  return [table.slice(0, dot), table.slice(dot + 1)];
}
