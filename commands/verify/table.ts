/** What of a table is compared. */
import type { Client } from "pg";
import type { ColumnType } from "./forms";

export interface Column {
  name: string;
  type: ColumnType;
}

export interface TableShape {
  /** `schema.table` as the database has it. */
  name: string;
  /** The same as SQL writes it. */
  sql: string;
  /** In the table's order, those left out that the database computes by itself: they are in no event. */
  columns: Column[];
  /** Whether a change tells the whole old row: then it also tells the whole new one. */
  isFull: boolean;
}

const SHAPES = `
  select n.nspname || '.' || c.relname as name, format('%I.%I', n.nspname, c.relname) as sql, c.relreplident = 'f' as "isFull",
    (select coalesce(json_agg(json_build_object('name', a.attname, 'type', a.atttypid::bigint) order by a.attnum), '[]')
     from pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
  from pg_publication_tables p
  join pg_namespace n on n.nspname = p.schemaname
  join pg_class c on c.relnamespace = n.oid and c.relname = p.tablename
  where p.pubname = $1
  order by 1`;

/** Domains are what is below them; names count in pg_catalog and for types of an extension, since others may have any name. */
const TYPES = `
  with recursive below as (
    select oid, oid as base from pg_type
    union all
    select below.oid, t.typbasetype from below join pg_type t on t.oid = below.base where t.typtype = 'd'
  )
  select below.oid::bigint as oid, base.typdelim as delimiter,
    case when base.typelem <> 0 and base.typsubscript = 'array_subscript_handler'::regproc then base.typelem::bigint end as element,
    case when base.typnamespace = 'pg_catalog'::regnamespace
           or exists (select from pg_depend d where d.objid = base.oid and d.classid = 'pg_type'::regclass and d.deptype = 'e')
         then base.typname else 'text' end as name
  from below join pg_type base on base.oid = below.base
  where base.typtype <> 'd'`;

/** The tables of a publication. */
export async function shapesOf(client: Client, publication: string): Promise<TableShape[]> {
  const [shapes, types] = [await client.query(SHAPES, [publication]), await client.query(TYPES)];
  const known = new Map<number, { name: string; element: string | null; delimiter: string }>(
    types.rows.map((row) => [Number(row.oid), row]),
  );
  const typeOf = (oid: number): ColumnType => {
    const { name, element, delimiter } = known.get(oid) ?? { name: "text", element: null, delimiter: "," };
    if (element === null) return { name };
    const below = typeOf(Number(element));
    return { name, element: below, delimiter: known.get(Number(element))?.delimiter ?? delimiter };
  };
  return shapes.rows.map((row) => ({
    name: row.name,
    sql: row.sql,
    isFull: row.isFull,
    columns: (row.columns as { name: string; type: number }[]).map(({ name, type }) => ({ name, type: typeOf(type) })),
  }));
}
