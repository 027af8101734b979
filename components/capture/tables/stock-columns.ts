/** Which columns of captured tables published Debezium does not write whole, and which it writes in another form. */
import type { Client } from "pg";
import { pitfall, STOCK_TYPES, stockForm, type StockType } from "./stock-types";
import type { CaptureInputs } from "../capture-types";

export interface StockColumn {
  /** `schema.table` */
  table: string;
  column: string;
  /** As Postgres names it: `numeric(5,2)`. */
  shown: string;
  type: StockType;
  /** Whether large values are stored outside of the row (TOAST): an UPDATE that does not touch them does not log them. */
  toasted: boolean;
}

export interface StockFacts {
  columns: StockColumn[];
  /** User-defined types with the name of a built-in one, as SQL writes them. Debezium tells types by their names. */
  namesakes: string[];
}

const COLUMNS = `${STOCK_TYPES}
  SELECT n.nspname || '.' || c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS shown,
    a.attstorage <> 'p' AS toasted, t.name, t.kind,
    CASE WHEN t.element IS NOT NULL THEN json_build_object('name', e.name, 'kind', e.kind, 'isDomain', e."isDomain",
      'element', CASE WHEN e.element IS NOT NULL THEN json_build_object('name', '', 'kind', 'b', 'isDomain', false) END) END AS element
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN types t ON t.oid = a.atttypid LEFT JOIN types e ON e.oid = t.element
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p' AND n.nspname <> 'information_schema'
    AND n.nspname !~ '^pg_' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  ORDER BY 1, a.attnum`;

const NAMESAKES = `SELECT format('%I.%I', n.nspname, t.typname) AS name FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typnamespace <> 'pg_catalog'::regnamespace AND n.nspname NOT IN ('information_schema', 'pg_toast') AND t.typtype IN ('b', 'c', 'd', 'e', 'm', 'r')
    AND t.typelem = 0 AND EXISTS (SELECT 1 FROM pg_type o WHERE o.typnamespace = 'pg_catalog'::regnamespace AND o.typname = t.typname)
  ORDER BY 1`;

/** Reads the catalogue. Changes nothing. */
export async function readStock(client: Client): Promise<StockFacts> {
  const { rows: columns } = await client.query(COLUMNS);
  const { rows: namesakes } = await client.query<{ name: string }>(NAMESAKES);
  return {
    columns: columns.map(({ name, kind, element, ...column }) => ({
      ...(column as Omit<StockColumn, "type">),
      type: { name, kind, ...(element && { element }) },
    })),
    namesakes: namesakes.map(({ name }) => name),
  };
}

/**
 * Pure: why records of the tables would lack values, with the remedies; empty: they lack none.
 *
 * @param captured `schema.table`
 * @param keyOnly captured tables whose old rows are never logged whole
 */
export function stockRefusals(
  { stock, replicaIdentity }: Pick<CaptureInputs, "stock" | "replicaIdentity">,
  captured: readonly string[],
  keyOnly: readonly string[],
  facts: StockFacts | undefined,
): string[] {
  if (!stock || !facts) return [];
  const isLost = ({ type }: StockColumn): boolean => stockForm(type) === "lost";
  const isMarked = (column: StockColumn): boolean =>
    column.toasted && isUnclear(column) && (replicaIdentity !== "FULL" || keyOnly.includes(column.table));
  const told = toldColumns(stock.leftOut, captured, facts);
  const lost = told.filter(isLost);
  const marked = told.filter((column) => !isLost(column) && isMarked(column));
  const named = (columns: StockColumn[]): string => columns.map(shownAs).join(", ");
  return [
    ...facts.namesakes.map(
      (type) =>
        `Type ${type} has the name of one of Postgres' own, and ${WHO} knows types by name only: columns of either type arrive wrong, or stop ` +
        `the connector. Rename the type, or the table that it is of: ALTER TYPE ${type} RENAME TO another name.`,
    ),
    ...(lost.length > 0 ? [`${named(lost)}: ${WHO} does not write all values of such a type.`] : []),
    ...(marked.length > 0
      ? [
          `${named(marked)}: ${WHO} writes null or an invented value where an UPDATE does not touch a large one, unless the old row is ` +
            "logged whole. Set replicaIdentity to FULL.",
        ]
      : []),
    ...(lost.length + marked.length > 0 ? [wayOut(stock.leftOut, [...lost, ...marked])] : []),
  ];
}

/** Pure: the columns that arrive in another form than with this project's classes; a line for each form. */
export function stockNotes(
  { stock }: Pick<CaptureInputs, "stock">,
  captured: readonly string[],
  facts: StockFacts | undefined,
): string[] {
  if (!stock || !facts) return [];
  const told = toldColumns(stock.leftOut, captured, facts).filter(({ type }) => stockForm(type) !== "lost");
  const groups = new Map<string, StockColumn[]>();
  const put = (what: string, column: StockColumn): unknown => groups.set(what, [...(groups.get(what) ?? []), column]);
  for (const column of told) {
    const form = stockForm(column.type);
    if (form === "base64") put("as base64 of what Postgres prints", column);
    if (form === "other") put("in a form of Debezium's own", column);
    if (/^numeric\(\d+,-/.test(column.shown)) put("with 2,046 zeros behind the point", column);
    const alters = pitfall(column.type);
    if (alters !== undefined) put(`altered where a value is one of these (${alters})`, column);
  }
  return [...groups].map(([what, columns]) => `${what}: ${few(columns)}`);
}

function toldColumns(leftOut: string, captured: readonly string[], { columns }: StockFacts): StockColumn[] {
  return columns.filter((column) => captured.includes(column.table) && !isExcluded(leftOut, column));
}

function few(columns: StockColumn[]): string {
  const more = columns.length - SHOWN;
  return columns.slice(0, SHOWN).map(shownAs).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** A line names so many columns at most: a schema may have hundreds of tables. */
const SHOWN = 12;

/** Whether Debezium's placeholder for an unchanged value cannot be told from a value of this type. */
function isUnclear({ type }: StockColumn): boolean {
  return type.element !== undefined || type.name === "hstore";
}

/** Pure: whether the column is excluded. @param list Debezium's patterns, each for a whole `schema.table.column`, case ignored */
export function isExcluded(list: string, { table, column }: Pick<StockColumn, "table" | "column">): boolean {
  return list.split(",").some((pattern) => {
    try {
      return pattern.trim() !== "" && new RegExp(`^(?:${pattern.trim()})$`, "i").test(`${table}.${column}`);
    } catch {
      return false;
    }
  });
}

const WHO = "Debezium as it is published";

function shownAs({ table, column, shown }: StockColumn): string {
  return `${table}.${column} (${shown})`;
}

/** The remedies. All columns are in one command, since a second command would replace the list of the first. */
function wayOut(leftOut: string, columns: StockColumn[]): string {
  const patterns = columns.map(({ table, column }) => `${table}.${column}`.replace(/[^\w]/g, "\\$&"));
  const list = [...(leftOut === "" ? [] : [leftOut]), ...patterns].join(",");
  return (
    `Leave out what nobody needs: \`pulumi config set --path 'connectorConfig["column.exclude.list"]' '${list}'\`; or change the ` +
    "columns' types; or capture with a worker of the stack's own, which writes all values."
  );
}
