import { escapeIdentifier } from "pg";

/** `["public", "customers"]`: the table's name may hold dots, the schema's may not. */
export function splitTable(table: string): [schema: string, name: string] {
  const dot = table.indexOf(".");
  return [table.slice(0, dot), table.slice(dot + 1)];
}

/** A table's name in SQL. @param table `schema.table` without quotes */
export function sqlName(table: string): string {
  return splitTable(table).map(escapeIdentifier).join(".");
}
