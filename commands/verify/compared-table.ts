/** The columns and the key of a table, as they are compared. */
import type { Client } from "pg";
import { stockForm, type StockForm, type StockType } from "../../components/capture/tables/stock-types";
import type { ColumnType } from "./values/forms";

export interface Column {
  name: string;
  type: ColumnType;
  /** The form in which published Debezium writes it. */
  stock?: StockForm;
}

export interface TableShape {
  /** `schema.table` as the database has it. */
  name: string;
  /** The same as SQL writes it. */
  sql: string;
  /** In the table's order, without generated columns: these are in no record. */
  columns: Column[];
  /** Number of the transaction that made the table, 32 bits: records of an earlier one are of another table of that name. */
  madeBy: number;
  /** Transactions that altered its columns later. A row whose last writer is one of these was written by the ALTER TABLE, which is not logged. */
  alteredBy: ReadonlySet<number>;
  /** How many rows the table has by the server's statistics; 0 where there are none. */
  estimate: number;
}

const SHAPES = `
  select n.nspname || '.' || c.relname as name, format('%I.%I', n.nspname, c.relname) as sql,
    -- A system column's entry is written with the table and never after.
    (select a.xmin::text::bigint from pg_attribute a where a.attrelid = c.oid and a.attname = 'tableoid') as "madeBy",
    (select json_agg(distinct a.xmin::text::bigint) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as "alteredBy",
    greatest(c.reltuples, (select sum(greatest(leaf.reltuples, 0)) from pg_partition_tree(c.oid) t join pg_class leaf on leaf.oid = t.relid), 0)
      as estimate,
    (select coalesce(json_agg(json_build_object('name', a.attname, 'type', a.atttypid::bigint,
        'decimals', case when a.atttypid = 'timestamptz'::regtype and a.atttypmod >= 0 then a.atttypmod end) order by a.attnum), '[]')
     from pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
  from pg_publication_tables p
  join pg_namespace n on n.nspname = p.schemaname
  join pg_class c on c.relnamespace = n.oid and c.relname = p.tablename
  where p.pubname = $1
  order by 1`;

/** Domains count as their base types. Only names in pg_catalog and of an extension's types count: other types may have any name. */
const TYPES = `
  with recursive below as (
    select oid, oid as base, -1 as modifier from pg_type
    union all
    select below.oid, t.typbasetype, greatest(below.modifier, t.typtypmod) from below join pg_type t on t.oid = below.base where t.typtype = 'd'
  )
  select below.oid::bigint as oid, base.typdelim as delimiter,
    case when base.typelem <> 0 and base.typsubscript = 'array_subscript_handler'::regproc then base.typelem::bigint end as element,
    case when base.typnamespace = 'pg_catalog'::regnamespace
           or exists (select from pg_depend d where d.objid = base.oid and d.classid = 'pg_type'::regclass and d.deptype = 'e')
         then base.typname else 'text' end as name,
    case when base.oid = 'timestamptz'::regtype and below.modifier >= 0 then below.modifier end as decimals,
    base.typtype as kind, below.oid <> below.base as "isDomain",
    base.typnamespace <> 'pg_catalog'::regnamespace
      and not exists (select from pg_depend d where d.objid = base.oid and d.classid = 'pg_type'::regclass and d.deptype = 'e') as own
  from below join pg_type base on base.oid = below.base
  where base.typtype <> 'd'`;

const UNKNOWN = { name: "text", element: null, delimiter: ",", decimals: null };

/** The tables of a publication. */
export async function shapesOf(client: Client, publication: string): Promise<TableShape[]> {
  const [shapes, types] = [await client.query(SHAPES, [publication]), await client.query(TYPES)];
  const known = new Map<number, KnownType>(types.rows.map((row) => [Number(row.oid), row]));
  const typeOf = (oid: number): ColumnType => {
    const { name, element, delimiter, decimals } = known.get(oid) ?? UNKNOWN;
    if (element === null) return { name, ...(decimals !== null && { decimals }) };
    // Elements of an array arrive whole.
    const { decimals: _decimals, ...below } = typeOf(Number(element));
    return { name, element: below, delimiter: known.get(Number(element))?.delimiter ?? delimiter };
  };
  return shapes.rows.map((row) => ({
    name: row.name,
    sql: row.sql,
    madeBy: Number(row.madeBy),
    alteredBy: new Set(((row.alteredBy ?? []) as number[]).filter((xid) => xid !== Number(row.madeBy))),
    estimate: Number(row.estimate),
    columns: (row.columns as { name: string; type: number; decimals: number | null }[]).map(
      ({ name, type, decimals }) => ({
        name,
        type: { ...typeOf(type), ...(decimals !== null && { decimals }) },
        stock: stockForm(stockTypeOf(known, type)),
      }),
    ),
  }));
}

interface KnownType {
  name: string;
  element: string | null;
  delimiter: string;
  /** See `ColumnType`. */
  decimals: number | null;
  kind: string;
  isDomain: boolean;
  /** Whether somebody defined the type: its name may then be any. */
  own: boolean;
}

function stockTypeOf(known: ReadonlyMap<number, KnownType>, oid: number): StockType & { isDomain: boolean } {
  const { name, kind, own, isDomain, element } = known.get(oid)!;
  const below = element === null ? {} : { element: stockTypeOf(known, Number(element)) };
  return { name: own ? "" : name, kind, isDomain, ...below };
}
