import type { DatabaseFacts } from "../facts/database-facts";

/** Pure: the generated columns of the captured tables, `schema.table.column`, sorted. */
export function generatedColumns(captured: readonly string[], { tables }: DatabaseFacts): string[] {
  return tables
    .filter(({ name }) => captured.includes(name))
    .flatMap(({ name, generated }) => generated.map((column) => `${name}.${column}`))
    .sort();
}
