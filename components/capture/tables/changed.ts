/** Changes of captured tables that affect their capture, found by SQL. What they mean in words is in `changed-words.ts`. */
import { attachedTo, below } from "./partitions";
import { lookAt, SINCE_THE_APPLY, SINCE_THE_LAST_LOOK, WRITTEN_AS } from "./unlogged-changes";
import { notesTable, UNREAD } from "./unread";

export { notesTable };

/** A captured table that was changed since its capture, so that its topic may lack some of its rows or changes. */
export interface ChangedTable {
  /** `schema.table`, as it was captured. */
  table: string;
  /**
   * `remade`: another table has its name, and it was dropped or renamed. `returned`: it had another name for a while, and was not read then.
   * `unpublished`: it is not in the publication any more. `republished`: it was out of the publication for a while, or was in it with a
   * filter. `reduced`: the publication leaves operations out. `rekeyed`: its records have another key.
   * `relabelled`: a value of one of its enums was renamed. `blocked`: its replica identity makes Postgres refuse every UPDATE and DELETE, as FULL
   * does from Postgres 18 on once a virtual column is added. `unidentified`: its replica identity is an index without the key of its records, so the
   * connector stops at a DELETE. `thinned`: its replica identity was FULL, and is not. `attached`: a partition was made by itself, and the rows that it
   * brought along are in no log. `apart`: some of its rows are in an unlogged partition, or in a table that inherits from it, whose changes are not
   * captured. `unnoted`: it is published, but the capture's note of it is gone. `detached`: it has lost a partition. `emptied`: a partition was truncated by
   * its own name. `unlogged`: a partition was unlogged for a while. `altered`: ALTER TABLE gave its rows values, or a column a name, that no record has.
   * `unread`: an apply has captured it, and its rows are still to be read.
   */
  what:
    | "dropped"
    | "renamed"
    | "remade"
    | "returned"
    | "unpublished"
    | "republished"
    | "reduced"
    | "blocked"
    | "unidentified"
    | "thinned"
    | "rekeyed"
    | "relabelled"
    | "attached"
    | "apart"
    | "unnoted"
    | "detached"
    | "emptied"
    | "unlogged"
    | "altered"
    | "unread";
  /** The former name of a renamed table; the former columns of a rekeyed table's key, unless only their types have changed; else null. */
  was: string | null;
  /** Name or columns now; for a remade table its name now, unless it was dropped; for attached, apart, detached, emptied and unlogged the other table. */
  now: string | null;
}

/** Takes the first unique index in the order in which the JDBC driver lists them. */
const BY_NAME = "ORDER BY k.indisprimary DESC, k.indisclustered DESC, x.relname LIMIT 1";

/** Asks for `what` of the index `k` by which records of a table `c` have their key. */
const ofKeyIndex = (what: string): string => `SELECT ${what} FROM pg_index k JOIN pg_class x ON x.oid = k.indexrelid
          WHERE k.indrelid = c.oid AND k.indisunique AND k.indisvalid AND k.indimmediate AND k.indpred IS NULL AND k.indexprs IS NULL
            AND NOT EXISTS (SELECT 1 FROM pg_attribute u WHERE u.attrelid = c.oid
              AND u.attnum = ANY ((k.indkey::int2[])[0:k.indnkeyatts - 1]) AND (u.attgenerated <> ''
                OR NOT u.attnotnull AND (to_jsonb(k) ->> 'indnullsnotdistinct')::boolean IS NOT TRUE))
          ${BY_NAME}`;

/**
 * The columns of the records' key of a table `c`: those of the primary key, else of the first unique index that keeps all rows
 * distinct at any moment. `cdc.RecordKey` in images/kafka makes Debezium take the same.
 */
export const RECORD_KEY = ofKeyIndex("(k.indkey::int2[])[0:k.indnkeyatts - 1]");

/** The columns that published Debezium takes: those of the primary key, else of any unique index, also its INCLUDE columns. */
export const STOCK_KEY = `SELECT (k.indkey::int2[])[0:CASE WHEN k.indisprimary THEN k.indnkeyatts ELSE k.indnatts END - 1]
          FROM pg_index k JOIN pg_class x ON x.oid = k.indexrelid
          WHERE k.indrelid = c.oid AND k.indisunique AND 0 <> ALL (k.indkey::int2[]) ${BY_NAME}`;

/**
 * The newest column of the notes, which tables of an earlier form lack. It has the transaction that last wrote the table's row type. Only
 * a rename and a new owner write it.
 */
export const NEWEST_COLUMN = "named";

/**
 * What the connector writes into that column when a change comes under another name than the noted one. After a schema was renamed and renamed back,
 * nothing else shows that. `cdc.OtherName` in images/kafka writes it.
 */
export const AWAY = "away";

/** Virtual columns of a table `c`, with which Postgres does not allow FULL as replica identity. */
const VIRTUAL = "SELECT 1 FROM pg_attribute v WHERE v.attrelid = c.oid AND v.attgenerated = 'v' AND NOT v.attisdropped";

/**
 * How often Postgres has written rows of `pg_namespace` with another name, and since when it counts, which a crash begins anew. Indexes have a schema's
 * name, so a rename is no HOT update. Rights are in no index: a GRANT of rights that are there already writes the same row, and is one. NULL where nothing
 * is counted.
 */
const RENAMES = `CASE WHEN current_setting('track_counts') = 'on' THEN concat_ws('@',
    pg_stat_get_tuples_updated('pg_namespace'::regclass) - pg_stat_get_tuples_hot_updated('pg_namespace'::regclass),
    extract(epoch FROM pg_stat_get_db_stat_reset_time((SELECT oid FROM pg_database WHERE datname = current_database()))),
    extract(epoch FROM pg_stat_get_bgwriter_stat_reset_time())) END`;

/** The transaction that last wrote the schema's row in the catalogue, `RENAMES`, and the row's owner and rights. A rename changes only the first two. */
export const HOUSE = `concat(n.xmin, '/', ${RENAMES}, ' ', n.nspowner, ' ', n.nspacl)`;
const HOUSED = "(to_jsonb(t) ->> 'house')";
const afterFirst = (text: string): string => `substr(${text}, strpos(${text}, ' '))`;
/** Notes of an earlier version have the transaction alone. */
const part = (text: string, at: 1 | 2): string => `split_part(split_part(${text}, ' ', 1), '/', ${at})`;

/** Whether the schema of a table `c` had another name since the capture. Used where no connector notes that (see `AWAY`). */
const REHOUSED = `n.xmin::text <> ${part(HOUSED, 1)} AND ${afterFirst(HOUSE)} = ${afterFirst(HOUSED)}
    AND (${part(HOUSED, 2)} = '' OR ${part(HOUSED, 2)} <> COALESCE(${RENAMES}, ''))`;

/** Whether a published table or partition `c` takes no UPDATE or DELETE. */
const BLOCKED = `CASE c.relreplident WHEN 'n' THEN true
    WHEN 'f' THEN EXISTS (${VIRTUAL})
    WHEN 'd' THEN NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate)
    ELSE NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident) END`;

/** Whether the log has, for deleted rows of the published table or partition `i`, an index that lacks columns of the records' key of `c`. */
const UNIDENTIFIED = `i.relreplident = 'i' AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY ((${RECORD_KEY})::int2[])
    AND a.attname <> ALL (SELECT u.attname FROM pg_index x JOIN pg_attribute u ON u.attrelid = x.indrelid AND u.attnum = ANY ((x.indkey::int2[])[0:x.indnkeyatts - 1])
      WHERE x.indrelid = i.oid AND x.indisreplident))`;

/** The table that is noted as `t`, and all partitions below it. OFFSET keeps Postgres from reading all of `pg_class` for each. */
const WITH_LEAVES = `(SELECT t.relation AS oid UNION ALL SELECT relid FROM ${below("t.relation")} leaves) l
  CROSS JOIN LATERAL (SELECT * FROM pg_class WHERE oid = l.oid OFFSET 0)`;

/** Joins a text for each column of the records' key, whose places are in `f`: see `FOUND_KEY`. */
const ofKey = (
  what: string,
  order = "a.attnum",
): string => `COALESCE((SELECT string_agg(${what}, ', ' ORDER BY ${order}) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum = ANY (f.places)), '')`;
export const KEY_COLUMNS = ofKey("a.attname::text");

/** The key's columns in their order in records, which is that of the index. To Kafka, the same columns in another order are another key. */
export const KEY_ORDER = ofKey("a.attname::text", "array_position(f.places, a.attnum)");

/** The places of the key's columns, found once for each table: OFFSET keeps Postgres from finding them again at each use. */
export const FOUND_KEY = `LEFT JOIN LATERAL (SELECT (${RECORD_KEY})::int2[] AS places OFFSET 0) f ON true`;

/**
 * What took the columns' NULLs away by which an index `k` is no key: from Postgres 18 on a constraint of each column, before that only the column's row in the
 * catalogue tells, which any other ALTER COLUMN writes too.
 */
const NOT_NULL = `(SELECT string_agg(COALESCE(o.oid::text, concat('row ', u.xmin)), ', ' ORDER BY u.attnum)
    FROM pg_attribute u LEFT JOIN pg_constraint o ON o.conrelid = u.attrelid AND o.contype = 'n' AND o.conkey = ARRAY[u.attnum]
    WHERE u.attrelid = k.indrelid AND u.attnum = ANY ((k.indkey::int2[])[0:k.indnkeyatts - 1])
      AND (to_jsonb(k) ->> 'indnullsnotdistinct')::boolean IS NOT TRUE)`;

/**
 * What the key stands on: the OID of the primary key's constraint, else the unique index and what keeps NULL out of it. A constraint stays the same when the
 * index is rebuilt. An index without one is another index after REINDEX CONCURRENTLY.
 */
export const KEY_MADE = `COALESCE((SELECT o.oid::text FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'p'),
    (${ofKeyIndex(`concat('index ', COALESCE((SELECT o.oid FROM pg_constraint o WHERE o.conindid = k.indexrelid AND o.contype = 'u'), k.indexrelid), ' ', ${NOT_NULL})`)}))`;

/**
 * Whether the key is another constraint or index, so that records had no key for a while. A primary key that was made together with a new type of its column,
 * or of the index that was the key before, was never away.
 */
const REMADE_KEY = `to_jsonb(t) ->> 'made' <> ${KEY_MADE} AND NOT EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'p'
    AND (o.conindid::text = substring(to_jsonb(t) ->> 'made' FROM '^index ([0-9]+)')
      OR EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (o.conkey) AND a.xmin = o.xmin)))`;

/** The types of the key's columns, as far as they change how values are written: integers of any width are written alike, and texts of any length. */
export const KEY_FORMS = ofKey(
  `CASE WHEN a.atttypid IN (20, 21, 23, 25, 1043) THEN ${WRITTEN_AS} ELSE concat(a.atttypid, ' ', a.atttypmod) END`,
);

/** Labels of the columns' enums, also of domains and arrays of enums, each with its OID: `{"16402 open"}`. Types of Postgres' own are no enums. */
export const LABELS = `ARRAY(SELECT DISTINCT concat(e.oid, ' ', e.enumlabel) FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
    JOIN pg_enum e ON e.enumtypid IN (y.oid, y.typelem, y.typbasetype)
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.atttypid >= 16384 ORDER BY 1)::text`;

/** Whether a value of an enum has another label than the noted one. Notes of an earlier version have only the labels of the key. */
const RELABELLED = `EXISTS (SELECT 1 FROM unnest((to_jsonb(t) ->> 'labels')::text[]) o JOIN unnest((k.labels)::text[]) n
    ON split_part(n, ' ', 1) = split_part(o, ' ', 1) WHERE n <> o)`;

const NAME =
  "SELECT min(pn.nspname || '.' || p.relname) FROM pg_class p JOIN pg_namespace pn ON pn.oid = p.relnamespace JOIN";

/** The first attached partition that is not in the notes. Notes of an earlier version have none. */
const ATTACHED = `${NAME} unnest((${attachedTo("t.relation")})::text[]) l ON p.oid = split_part(l, ' ', 1)::oid
  WHERE l <> ALL ((to_jsonb(t) ->> 'attached')::text[])`;
const APART = `${NAME} (SELECT relid FROM ${below("t.relation")} tree UNION SELECT inhrelid FROM pg_inherits WHERE inhparent = t.relation) l
  ON p.oid = relid WHERE p.relpersistence = 'u' OR NOT p.relispartition AND relid <> t.relation`;

/**
 * The statement that lists the changed tables, some of them for several reasons. It needs only SELECT on the notes. It reads the catalogue by its
 * indexes, one table at a time.
 *
 * @param signalTable as the capture checks it: lower case letters, digits and `_`, and so the publication
 */
export function changedTablesSql(signalTable: string, publication: string): string {
  const [schema, name] = notesTable(signalTable).split(".");
  // Published tables without a note: tests of an application may empty all tables, the notes included.
  const unnoted = `SELECT n.nspname || '.' || c.relname, 'unnoted', NULL, NULL
    FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE p.pubname = '${publication}' AND n.nspname || '.' || c.relname <> '${signalTable}'
      AND NOT EXISTS (SELECT 1 FROM "${schema}"."${name}" t WHERE t.relation = c.oid AND t.published IS NOT NULL)`;
  // Beside each other: the next apply mends the replica identity, and notes a key or labels that nobody was told of.
  const sql = `SELECT "table", w.what, CASE WHEN w.what = changed.what THEN was END AS was,
    COALESCE(other, CASE WHEN w.what = changed.what THEN now END) AS now FROM (SELECT t.schema || '.' || t.name AS "table",
    CASE WHEN c.oid IS NULL AND m.oid IS NULL THEN 'dropped' WHEN c.oid IS NULL THEN 'renamed' WHEN c.oid <> t.relation THEN 'remade'
      WHEN y.xmin::text <> t.named OR ${REHOUSED} THEN 'returned'
      WHEN r.oid IS NULL THEN 'unpublished' WHEN r.oid <> t.published THEN 'republished'
      WHEN NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AND p.pubviaroot) THEN 'reduced'
      WHEN k.key <> t.key OR k.forms <> to_jsonb(t) ->> 'forms' OR k.placed <> to_jsonb(t) ->> 'placed' OR ${REMADE_KEY} THEN 'rekeyed'
      WHEN ${RELABELLED} THEN 'relabelled' END AS what,
    CASE WHEN c.oid IS DISTINCT FROM t.relation OR r.oid IS NULL OR NOT (p.pubupdate AND p.pubdelete) THEN NULL
      WHEN EXISTS (SELECT 1 FROM ${WITH_LEAVES} c WHERE c.relkind = 'r' AND (${BLOCKED})) THEN 'blocked'
      WHEN EXISTS (SELECT 1 FROM ${WITH_LEAVES} i WHERE i.relkind = 'r' AND ${UNIDENTIFIED}) THEN 'unidentified'
      WHEN c.relkind = 'r' AND c.relreplident <> 'f' AND (to_jsonb(t) ->> 'whole')::boolean AND NOT EXISTS (${VIRTUAL}) THEN 'thinned' END AS identity,
    CASE WHEN c.oid IS NULL THEN t.schema || '.' || t.name WHEN c.oid = t.relation AND k.key <> t.key THEN t.key END AS was,
    CASE WHEN c.oid IS NULL OR c.oid <> t.relation THEN mn.nspname || '.' || m.relname WHEN k.key <> t.key THEN k.key END AS now,
    CASE WHEN c.relhassubclass THEN (${ATTACHED}) END AS attached, CASE WHEN c.relhassubclass THEN (${APART}) END AS apart,
    ${SINCE_THE_APPLY} AS untold
  FROM "${schema}"."${name}" t
    LEFT JOIN (pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND c.relkind IN ('r', 'p')) ON n.nspname = t.schema AND c.relname = t.name
    LEFT JOIN (pg_class m JOIN pg_namespace mn ON mn.oid = m.relnamespace) ON m.oid = t.relation
    LEFT JOIN pg_type y ON y.oid = c.reltype
    LEFT JOIN pg_publication p ON p.pubname = '${publication}'
    LEFT JOIN pg_publication_rel r ON r.prrelid = t.relation AND r.prpubid = p.oid
    ${FOUND_KEY}
    LEFT JOIN LATERAL (SELECT ${KEY_COLUMNS} AS key, ${KEY_FORMS} AS forms, ${KEY_ORDER} AS placed, ${LABELS} AS labels OFFSET 0) k ON true
    ${SINCE_THE_LAST_LOOK}
  WHERE t.published IS NOT NULL OFFSET 0) changed CROSS JOIN LATERAL (VALUES
      (what, NULL), (identity, NULL), ('attached', attached), ('apart', apart),
      (split_part(untold, ' ', 1), CASE WHEN untold NOT IN ('altered', '${UNREAD}') THEN substr(untold, strpos(untold, ' ') + 1) END)) w (what, other)
  WHERE w.what IN (COALESCE(changed.what, untold), identity) OR other IS NOT NULL UNION ALL ${unnoted} ORDER BY 1`;
  return sql.replace(/\s+/g, " ");
}

/** See `lookAt`. @param signalTable as `changedTablesSql` has it */
export function lookSql(signalTable: string): string {
  return lookAt(notesTable(signalTable).replace(/[^.]+/g, '"$&"'));
}
