/** The columns and the key of a table, as they are compared. */
import type { Client } from "pg";
import { isArray, stockForm, type StockForm, type StockType } from "../../components/capture/tables/stock-types";
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
  /** Whether row level security hides rows from the session's user. Changes of these are in the topic all the same. */
  hidden?: boolean;
  /** How many rows the table has by the server's statistics; 0 where there are none. */
  estimate: number;
}

const SHAPES = `
  select n.nspname || '.' || c.relname as name, format('%I.%I', n.nspname, c.relname) as sql,
    -- A system column's entry is written with the table and never after.
    (select a.xmin::text::bigint from pg_attribute a where a.attrelid = c.oid and a.attname = 'tableoid') as "madeBy",
    (select json_agg(distinct a.xmin::text::bigint) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as "alteredBy",
    row_security_active(c.oid) as hidden,
    greatest(c.reltuples, (select sum(greatest(leaf.reltuples, 0)) from pg_partition_tree(c.oid) t join pg_class leaf on leaf.oid = t.relid), 0)
      as estimate,
    (select coalesce(json_agg(json_build_object('name', a.attname, 'type', a.atttypid::bigint) order by a.attnum), '[]')
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
    select oid, oid as base from pg_type
    union all
    select below.oid, t.typbasetype from below join pg_type t on t.oid = below.base where t.typtype = 'd'
  )
  select below.oid::bigint as oid, base.typdelim as delimiter,
    case when ${isArray("base")} then base.typelem::bigint end as element,
    case when base.typnamespace = 'pg_catalog'::regnamespace
           or exists (select from pg_depend d where d.objid = base.oid and d.classid = 'pg_type'::regclass and d.deptype = 'e')
         then base.typname else 'text' end as name,
    base.typtype as kind, below.oid <> below.base as "isDomain",
    base.typnamespace <> 'pg_catalog'::regnamespace
      and not exists (select from pg_depend d where d.objid = base.oid and d.classid = 'pg_type'::regclass and d.deptype = 'e') as own
  from below join pg_type base on base.oid = below.base
  where base.typtype <> 'd'`;

const UNKNOWN = { name: "text", element: null, delimiter: "," };

/** The tables of a publication. */
export async function shapesOf(client: Client, publication: string): Promise<TableShape[]> {
  const [shapes, types] = [await client.query(SHAPES, [publication]), await client.query(TYPES)];
  const known = new Map<number, KnownType>(types.rows.map((row) => [Number(row.oid), row]));
  const typeOf = (oid: number): ColumnType => {
    const { name, element, delimiter } = known.get(oid) ?? UNKNOWN;
    if (element === null) return { name };
    return { name, element: typeOf(Number(element)), delimiter: known.get(Number(element))?.delimiter ?? delimiter };
  };
  return shapes.rows.map((row) => ({
    name: row.name,
    sql: row.sql,
    madeBy: Number(row.madeBy),
    alteredBy: new Set(((row.alteredBy ?? []) as number[]).filter((xid) => xid !== Number(row.madeBy))),
    hidden: row.hidden === true,
    estimate: Number(row.estimate),
    columns: (row.columns as { name: string; type: number }[]).map(({ name, type }) => ({
      name,
      type: typeOf(type),
      stock: stockForm(stockTypeOf(known, type)),
    })),
  }));
}

interface KnownType {
  name: string;
  element: string | null;
  delimiter: string;
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
