/**
 * What Debezium as it is published writes for values of each type, without the classes of images/kafka/extensions and with
 * `include.unknown.datatypes`. Found by trying each type of the catalogue with 3.7.0; `test/integration/existing.test.ts` repeats that.
 */

/** A type, domains resolved to what is below them. */
export interface StockType {
  /** Name of a type of pg_catalog or of an extension; empty for all other types, which may have any name. */
  name: string;
  /** Postgres' `typtype`: `b`ase, `c`omposite, `e`num, `m`ultirange, `r`ange. */
  kind: string;
  /** For an array: the type of its elements, as it is declared. */
  element?: StockType & { isDomain: boolean };
}

/**
 * `same`: as with this project's classes. `base64`: what Postgres prints, in base64. `other`: a form of Debezium's own, nothing lost.
 * `lost`: some values, or all, arrive as something else, or not at all.
 */
export type StockForm = "same" | "base64" | "other" | "lost";

/** Types whose values Debezium writes whole. */
const SAME = new Set(
  (
    "bool bytea char name int8 int2 int4 text oid json jsonb xml point cidr inet macaddr macaddr8 float4 float8 money bpchar varchar " +
    "date time timestamp timestamptz interval numeric uuid tsvector int4range numrange int8range tsrange tstzrange daterange " +
    "hstore citext ltree isbn vector halfvec"
  ).split(" "),
);
const OTHER = new Set("line circle lseg path box polygon timetz bit geometry geography sparsevec".split(" "));
/** Types whose values are lost. For a `refcursor` the snapshot fetches from a cursor of that name, and fails. */
const LOST = new Set("refcursor varbit int2vector oidvector".split(" "));
/** Types whose arrays arrive. An array of another type arrives as null, or as a list that lacks elements. */
const ELEMENTS = new Set(
  (
    "bool bytea char int8 int2 int4 text oid json jsonb cidr inet macaddr macaddr8 float4 float8 bpchar varchar date time timestamp " +
    "timestamptz numeric uuid int4range numrange int8range tsrange tstzrange daterange hstore citext"
  ).split(" "),
);

/** Pure. */
export function stockForm({ name, kind, element }: StockType): StockForm {
  // Vectors of numbers are arrays to Postgres, too.
  if (LOST.has(name)) return "lost";
  if (element) {
    if (element.isDomain || element.element) return "lost";
    return element.name === "timetz" ? "other" : ELEMENTS.has(element.name) ? "same" : "lost";
  }
  if (OTHER.has(name)) return "other";
  return kind === "e" || SAME.has(name) ? "same" : "base64";
}

/** The values of a type that Debezium alters; undefined: none. */
export function pitfall({ name, element }: StockType): string | undefined {
  if (!element) return PITFALLS[name];
  const of = PITFALLS_IN_ARRAYS[element.name];
  return "more than one dimension, other lower bounds" + (of === undefined ? "" : `, ${of}`);
}

const PITFALLS: Readonly<Record<string, string>> = {
  date: "infinity, years before Christ",
  timestamp: "infinity",
  time: "24:00:00",
  interval: "infinity",
};

/** Elements go through the driver's own classes, which know milliseconds and the Julian calendar (`findings/debezium-arrays-hold-other-moments.sh`). */
const PITFALLS_IN_ARRAYS: Readonly<Record<string, string>> = {
  date: "infinity, years before Christ",
  time: "microseconds, 24:00:00",
  timestamp: "infinity, days before 15 October 1582",
  timestamptz: "years before Christ",
  numeric: "NaN, infinity",
};

/** Whether a row of `pg_type` is a true array. Before PostgreSQL 14 no column says so; all types with elements and of a fixed length are none. */
export function isArray(type: string): string {
  return `${type}.typelem <> 0 AND COALESCE(to_jsonb(${type}) ->> 'typsubscript' = 'array_subscript_handler', ${type}.typlen = -1)`;
}

/** For each type: the type below a domain, its name where it counts, and the element type of a true array. */
export const STOCK_TYPES = `WITH RECURSIVE below AS (
    SELECT oid, oid AS base FROM pg_type
    UNION ALL SELECT below.oid, t.typbasetype FROM below JOIN pg_type t ON t.oid = below.base WHERE t.typtype = 'd'),
  types AS (SELECT below.oid, below.oid <> below.base AS "isDomain", t.typtype AS kind,
    CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace OR EXISTS (SELECT 1 FROM pg_depend d
      WHERE d.objid = t.oid AND d.classid = 'pg_type'::regclass AND d.deptype = 'e') THEN t.typname::text ELSE '' END AS name,
    CASE WHEN ${isArray("t")} THEN t.typelem END AS element
    FROM below JOIN pg_type t ON t.oid = below.base WHERE t.typtype <> 'd')`;
