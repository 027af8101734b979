/** The result of a comparison, and its lines for people. */
import type { Comparison } from "./compare";
import type { Paint } from "../terminal/paint";

/** A difference, with the values of both sides. */
export interface RowDifference {
  kind: Comparison["mismatches"][number]["kind"];
  /** Whether it is a real difference. Otherwise the topic cannot have the row, and `reasons` says why. */
  certain: boolean;
  /** The key's columns as the database prints them; the whole row of a table without a key. */
  key: Record<string, string | null>;
  /** Of the topic's last record of it; null: there is none, or the topic has one partition. */
  partition: number | null;
  /** Of the topic's last record of it; null: there is none. */
  offset: number | null;
  /** By column the value of each side; empty where a side has no such row. */
  columns: Record<string, { database: string | null; topic: string | null }>;
}

export interface TableResult {
  /** `schema.table` */
  table: string;
  topic: string;
  ok: boolean;
  /** null: not looked at, as the reason says. */
  rows: Comparison["rows"] | Record<keyof Comparison["rows"], null>;
  hash: Comparison["hash"] | Record<keyof Comparison["hash"], null>;
  /** Keys, or rows of a table without one, that differ. */
  differing: number;
  /** How many keys, or rows, the topic cannot have for a known reason. */
  untold: number;
  /** The first ones of both. */
  differences: RowDifference[];
  /** Known reasons why the table differs, or why rows cannot be compared, each with the way out. */
  reasons: string[];
}

/** The result for a table that cannot be compared. */
export function unlooked(table: string, topic: string, reason: string): TableResult {
  return {
    ...{ table, topic, ok: false, differing: 0, untold: 0, differences: [], reasons: [reason] },
    rows: { database: null, topic: null },
    hash: { database: null, topic: null },
  };
}

/** Pure: a line for each table, and below one that differs the first keys. */
export function resultLines(results: readonly TableResult[], paint: Paint): string[] {
  const cells = results.map((result) => [
    result.table,
    rowsText(result),
    result.hash.database ?? "",
    verdictOf(result),
  ]);
  const widths = [0, 1, 2].map((at) => Math.max(0, ...cells.map((row) => row[at]!.length)));
  return results.flatMap((result, n) => {
    const [table, rows, hash, verdict] = cells[n]!;
    const line = `${table!.padEnd(widths[0]!)}  ${rows!.padEnd(widths[1]!)}  ${paint("dim", hash!.padEnd(widths[2]!))}  ${paint(result.ok ? "green" : "red", verdict!)}`;
    return [line, ...result.reasons.map((reason) => `  ${reason}`), ...result.differences.flatMap(differenceLines)];
  });
}

function rowsText({ rows }: TableResult): string {
  if (rows.database === null) return "";
  return rows.database === rows.topic ? `${rows.database} rows` : `${rows.database} rows, ${rows.topic} in the topic`;
}

function verdictOf({ ok, differing, untold }: TableResult): string {
  if (ok) return "OK";
  const parts = [
    ...(differing > 0 ? [`${differing} differ${differing === 1 ? "s" : ""}`] : []),
    ...(untold > 0 ? [`${untold} cannot be told`] : []),
  ];
  return parts.join(", ") || "cannot be compared";
}

function differenceLines({ kind, certain, key, partition, offset, columns }: RowDifference): string[] {
  const where = offset === null ? "" : `${partition === null ? "" : `, partition ${partition}`}, offset ${offset}`;
  const named = Object.entries(key).map(([name, value]) => `${name} ${value ?? "NULL"}`);
  return [
    `  ${named.join(", ")}: ${kind}${where}${certain ? "" : " (cannot be told)"}`,
    ...Object.entries(columns).map(
      ([name, { database, topic }]) => `    ${name}: database ${shown(database)}, topic ${shown(topic)}`,
    ),
  ];
}

function shown(value: string | null): string {
  if (value === null) return "NULL";
  return value.length > 200 ? `${value.slice(0, 200)}… (${value.length} characters)` : value;
}
