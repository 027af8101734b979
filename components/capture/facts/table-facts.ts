import { RECORD_KEY, STOCK_KEY } from "../tables/changed";
import { below } from "../tables/partitions";

/** A table as the catalogue has it. */
export interface TableFacts {
  /** `schema.table` */
  name: string;
  /** The table's OID, which changes when the table is dropped and created again. */
  oid: string;
  /** `FULL`, `DEFAULT`, `NOTHING` or `INDEX`. Where its index was dropped: `NOTHING`, which is how Postgres then treats the table. */
  replicaIdentity: string;
  /** With `INDEX`: the index's name. */
  identityIndex: string | null;
  /** Whether the table has a primary key that Postgres takes for a replica identity, so no deferrable one. */
  hasKey: boolean;
  /** Whether the table's primary key is deferrable. */
  hasDeferrableKey: boolean;
  /** Whether the table's records have a key: see `RECORD_KEY`. */
  hasRecordKey: boolean;
  /** Columns that Debezium, as it is published, takes for the records' key although several rows may have the same values there. */
  sharedKey: string[];
  /** With `INDEX`: columns of the records' key that the index lacks, so that the log does not have them of an old row. */
  keyNotLogged: string[];
  /** Whether the table is a partition. Partitions are captured through their root. */
  isPartition: boolean;
  /** For a partition: the partitioned table at the top, through which its changes are published. */
  root: string | null;
  /** Whether the table is partitioned. */
  isPartitioned: boolean;
  /** Its partitions that are unlogged. */
  unlogged: string[];
  /** Tables that inherit from the table (INHERITS, not partitions). */
  children: string[];
  /** A table of another schema that has the same name once schema and table are joined: `"a.b"."c"` for `a."b.c"`. */
  twin: string | null;
  /** The names of the table's columns, in their order. */
  columns: string[];
  /** Generated columns, stored or not. */
  generated: string[];
  /** Generated columns that are not stored (PostgreSQL 18). */
  virtual: string[];
  /** Generated columns in the primary key or in the index chosen as replica identity. */
  generatedKey: string[];
  /** Constraints NOT NULL that are not validated (PostgreSQL 18): the columns may hold NULL. */
  unvalidated: string[];
  owner: string;
  /** Whether the administrator has the owner's rights. */
  owned: boolean;
  /** Whether row level security is on: a role without BYPASSRLS sees only the rows that policies show it. */
  rowSecurity: boolean;
}

/** All tables but those of schemas with a dot in their names: these cannot be captured, since `schema.table` would not say where they end. */
export const TABLES_QUERY = `SELECT n.nspname || '.' || c.relname AS name, c.oid::text AS oid, c.relispartition AS "isPartition",
    CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'd' THEN 'DEFAULT' WHEN 'n' THEN 'NOTHING' ELSE
      CASE WHEN EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident) THEN 'INDEX' ELSE 'NOTHING' END
      END AS "replicaIdentity",
    (SELECT x.relname::text FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
      WHERE c.relreplident = 'i' AND i.indrelid = c.oid AND i.indisreplident) AS "identityIndex",
    EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate) AS "hasKey",
    EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND NOT i.indimmediate) AS "hasDeferrableKey",
    EXISTS (${RECORD_KEY}) AS "hasRecordKey",
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY ((${STOCK_KEY})::int2[])
      AND ((${STOCK_KEY})::int2[] @> (${RECORD_KEY})::int2[]) IS NOT TRUE ORDER BY a.attnum) AS "sharedKey",
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND c.relreplident = 'i'
        AND a.attnum = ANY ((${RECORD_KEY})::int2[]) AND a.attnum <> ALL ((SELECT (i.indkey::int2[])[0:i.indnkeyatts - 1]
          FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)::int2[]) ORDER BY a.attnum) AS "keyNotLogged",
    ARRAY(SELECT ln.nspname || '.' || l.relname FROM ${below("c.oid")} p JOIN pg_class l ON l.oid = p.relid
        JOIN pg_namespace ln ON ln.oid = l.relnamespace WHERE c.relkind = 'p' AND l.relkind <> 'p' AND l.relpersistence = 'u' ORDER BY 1) AS unlogged,
    c.relkind = 'p' AS "isPartitioned", c.relrowsecurity AS "rowSecurity",
    pg_get_userbyid(c.relowner)::text AS owner, pg_has_role(c.relowner, 'USAGE') AS owned,
    (SELECT rn.nspname || '.' || r.relname FROM pg_class r JOIN pg_namespace rn ON rn.oid = r.relnamespace
      WHERE c.relispartition AND r.oid = pg_partition_root(c.oid)) AS root,
    ARRAY(SELECT hn.nspname || '.' || h.relname FROM pg_inherits i
      JOIN pg_class h ON h.oid = i.inhrelid JOIN pg_namespace hn ON hn.oid = h.relnamespace
      WHERE i.inhparent = c.oid AND NOT h.relispartition ORDER BY 1) AS children,
    (SELECT format('%I.%I', tn.nspname, t.relname) FROM pg_class t JOIN pg_namespace tn ON tn.oid = t.relnamespace
      WHERE c.relname LIKE '%.%' AND t.relkind IN ('r', 'p') AND t.oid <> c.oid
        AND tn.nspname || '.' || t.relname = n.nspname || '.' || c.relname LIMIT 1) AS twin,
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum) AS columns,
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped
      ORDER BY a.attnum) AS generated,
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attgenerated = 'v' AND NOT a.attisdropped
      ORDER BY a.attnum) AS virtual,
    ARRAY(SELECT DISTINCT a.attname::text FROM pg_attribute a JOIN pg_index i ON i.indrelid = a.attrelid AND a.attnum = ANY (i.indkey)
      WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND (i.indisprimary OR i.indisreplident)) AS "generatedKey",
    ARRAY(SELECT k.conname::text FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'n' AND NOT k.convalidated
      ORDER BY 1) AS unvalidated
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname NOT LIKE '%.%' ORDER BY 1`;

/** Relations that cannot be captured by their name. Partitions come first: whatever else they are, their changes come through the root. */
export const OTHERS = `SELECT n.nspname || '.' || c.relname AS name, CASE
    WHEN c.relispartition THEN 'is a partition of ' || (SELECT rn.nspname || '.' || r.relname FROM pg_class r
      JOIN pg_namespace rn ON rn.oid = r.relnamespace WHERE r.oid = pg_partition_root(c.oid)) || ', with which it is captured: name that'
    WHEN c.relkind = 'v' THEN 'is a view, which has no changes of its own: name the tables that it reads'
    WHEN c.relkind = 'm' THEN 'is a materialized view, which logical replication does not have: name the tables that it reads'
    WHEN c.relkind = 'f' THEN 'is a foreign table, whose changes are in another database: capture it there'
    WHEN c.relkind = 'S' THEN 'is a sequence, which logical replication does not have: name a table'
    WHEN c.relpersistence = 'u' THEN 'is unlogged, so its changes are in no log: run ALTER TABLE ' || format('%I.%I', n.nspname, c.relname) || ' SET LOGGED'
    WHEN c.relpersistence = 't' THEN 'is a temporary table, of one session alone: make it a plain one'
    ELSE 'is one of Postgres'' own tables, which logical replication does not have: name one of yours' END AS what
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname NOT LIKE '%.%' AND (c.relispartition OR c.relkind IN ('v', 'm', 'f', 'S')
    OR c.relpersistence <> 'p' OR n.nspname = 'information_schema' OR n.nspname ~ '^pg_')`;
