/** The publication of the capture's name. */
export interface PublicationFacts {
  /** Made with FOR ALL TABLES. */
  allTables: boolean;
  tables: string[];
  /** Whether INSERT, UPDATE, DELETE and TRUNCATE are published, those of partitions through their root. */
  complete: boolean;
  /** Tables with a row filter or a column list: part of their changes would be missing. */
  partial: string[];
  /** Whether stored generated columns are published, which REPLICA IDENTITY FULL needs (PostgreSQL 18). */
  generated: boolean;
  owner: string;
  /** Whether the administrator has its owner's rights. */
  owned: boolean;
  comment: string | null;
}

/** Before Postgres 15 there are no publications of a schema. */
const HAS_SCHEMAS = 150000;

/**
 * The publication of a name. Its tables are read without `pg_publication_tables`, which opens each of them from Postgres 16 on: it would wait for
 * whoever has locked one.
 */
export function publicationQuery(version: number): string {
  const ofSchema =
    version >= HAS_SCHEMAS
      ? "OR NOT c.relispartition AND EXISTS (SELECT FROM pg_publication_namespace s WHERE s.pnpubid = p.oid AND s.pnnspid = n.oid)"
      : "";
  return `SELECT p.puballtables AS "allTables", p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AND p.pubviaroot AS complete,
    ARRAY(SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND c.oid >= 16384
        AND (p.puballtables AND NOT c.relispartition OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = c.oid) ${ofSchema})
      ORDER BY 1) AS tables,
    ARRAY(SELECT n.nspname || '.' || c.relname FROM pg_publication_rel r
      JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE r.prpubid = p.oid AND (to_jsonb(r) ->> 'prqual' IS NOT NULL OR to_jsonb(r) ->> 'prattrs' IS NOT NULL) ORDER BY 1) AS partial,
    to_jsonb(p) ->> 'pubgencols' = 's' IS TRUE AS generated,
    pg_get_userbyid(p.pubowner) AS owner, pg_has_role(p.pubowner, 'USAGE') AS owned, obj_description(p.oid, 'pg_publication') AS comment
  FROM pg_publication p WHERE p.pubname = $1`;
}

/**
 * By table, the other publications that publish its updates or deletes: by name, with all tables, with all of its schema, or through a
 * table of which it is a partition.
 */
export function elsewhereSql(version: number): string {
  const ofSchema =
    version >= HAS_SCHEMAS
      ? "OR EXISTS (SELECT FROM pg_publication_namespace s JOIN pg_class x ON x.relnamespace = s.pnnspid WHERE s.pnpubid = p.oid AND (x.oid = c.oid OR x.oid IN (SELECT relid FROM pg_partition_ancestors(c.oid))))"
      : "";
  return `SELECT c.oid::text AS oid, array_agg(p.pubname::text ORDER BY p.pubname) AS names FROM pg_class c, pg_publication p
    WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND c.oid >= 16384 AND p.pubname <> $1 AND (p.pubupdate OR p.pubdelete)
      AND (p.puballtables OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid
        AND (r.prrelid = c.oid OR r.prrelid IN (SELECT relid FROM pg_partition_ancestors(c.oid)))) ${ofSchema})
    GROUP BY c.oid`;
}
