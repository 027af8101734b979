/**
 * Changes of rows that Postgres writes into no log, because a statement changes a whole table or partition at once: DROP, DETACH and TRUNCATE of a
 * partition, and ALTER TABLE. They are found by comparing the catalogue with what it was at the last look, which the capture's notes keep.
 */
import { below } from "./partitions";
import { UNREAD } from "./unread";

/** Columns of the notes: what the last look saw, and what happened up to then. The connector's role writes them. */
export const MEMORY_COLUMNS = ["parts", "cells", "untold"] as const;

/** What happened since the last apply to the noted table `t`, as the looks since then and this one (`w`) saw it. */
export const SINCE_THE_APPLY = `COALESCE(NULLIF(to_jsonb(t) ->> 'untold', '${UNREAD}'), w.untold, to_jsonb(t) ->> 'untold')`;

/** The type of a column `a` as far as it changes how values are written: integers of any width are written alike, and texts of any length. */
export const WRITTEN_AS =
  "CASE WHEN a.atttypid IN (20, 21, 23) THEN 'int' WHEN a.atttypid IN (25, 1043) THEN 'text' ELSE a.atttypid::text END";

/** The partitions below the table `c`, by OID: the file and TOAST table of each, its persistence, its name and its tablespace. One that is being detached is none. */
export const PARTS = `CASE WHEN c.relkind = 'p' THEN COALESCE((SELECT jsonb_object_agg(p.oid,
      jsonb_build_array(p.relfilenode, p.reltoastrelid, p.relpersistence, concat(pn.nspname, '.', p.relname), p.reltablespace))
    FROM ${below("c.oid")} l JOIN pg_inherits i ON i.inhrelid = l.relid JOIN pg_class p ON p.oid = l.relid JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE to_jsonb(i) ->> 'inhdetachpending' IS DISTINCT FROM 'true'), '{}') END`;

/**
 * The file of the table `c`, and by its number what records have of each column: the type, its modifier and the name. Records lack generated columns;
 * the numbers of stored ones are in `computed`, since their values stay when they become ordinary ones. The names of all are in `generated`: the connector
 * leaves columns of these names out until the next apply.
 */
export const CELLS = `(SELECT jsonb_build_object('file', c.relfilenode,
      'columns', COALESCE(jsonb_object_agg(a.attnum, jsonb_build_array(${WRITTEN_AS}, a.atttypmod, a.attname)) FILTER (WHERE a.attgenerated = ''), '{}'),
      'computed', COALESCE(jsonb_agg(a.attnum::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = 's'), '[]'),
      'generated', COALESCE(jsonb_agg(a.attname ORDER BY a.attname) FILTER (WHERE a.attgenerated <> ''), '[]'))
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

/**
 * Names that columns had since the table's rows were last read, and that none has now. They are kept from look to look: records, or the connector's list of
 * columns to leave out, still have them when a new column takes the name.
 */
const GONE = `(SELECT jsonb_agg(DISTINCT g.name) FROM (SELECT e.value ->> 2 AS name FROM jsonb_each(x.had -> 'columns') e
      UNION ALL SELECT jsonb_array_elements_text(x.had -> 'generated') UNION ALL SELECT jsonb_array_elements_text(x.had -> 'gone')) g
    WHERE g.name NOT IN (SELECT e.value ->> 2 FROM jsonb_each(x.now -> 'columns') e UNION ALL SELECT jsonb_array_elements_text(x.now -> 'generated')))`;

/** What `CELLS` has now, and the names that are gone. */
const CELLS_AND_GONE = `x.now || jsonb_strip_nulls(jsonb_build_object('gone', CASE WHEN x.had - 'gone' = x.now THEN x.had -> 'gone' ELSE ${GONE} END))`;

/** Whether each partition has another file since one transaction, as after TRUNCATE of the partitioned table, which is logged. Of one partition nothing tells that. */
const WHOLLY_TRUNCATED = `(SELECT count(*) > 1 AND count(DISTINCT p.xmin::text) = 1 AND bool_and(o.value ->> 0 <> p.relfilenode::text)
    FROM jsonb_each(w.was) o JOIN pg_class p ON p.oid = o.key::oid AND p.relkind = 'r')`;

/**
 * What became of partitions. A file that is another one by ALTER TABLE comes with another TOAST table, if the partition has any. By VACUUM FULL and CLUSTER it
 * looks as by TRUNCATE, so these are told too. One in another tablespace has been moved there. Notes of an earlier version have no tablespace.
 */
const OF_PARTITIONS = `SELECT CASE WHEN n.value IS NULL THEN 'detached ' || (o.value ->> 3)
      WHEN o.value ->> 2 = 'u' AND n.value ->> 2 = 'p' THEN 'unlogged ' || (n.value ->> 3)
      WHEN o.value ->> 0 <> n.value ->> 0 AND o.value - 0 IN (n.value - 0, n.value - 4 - 0) AND NOT ${WHOLLY_TRUNCATED} THEN 'emptied ' || (n.value ->> 3) END AS said
    FROM jsonb_each(w.was) o LEFT JOIN jsonb_each(w.parts) n ON n.key = o.key`;

/** Whether the table, or a partition of it, was written into another file. */
const WRITTEN_ANEW = `(w.cells ->> 'file' <> w.had ->> 'file'
    OR EXISTS (SELECT 1 FROM jsonb_each(w.was) o JOIN jsonb_each(w.parts) n ON n.key = o.key WHERE o.value ->> 0 <> n.value ->> 0))`;

/**
 * Whether a column has values that records of earlier rows lack: one that was added with a default, renamed, generated before, of another type, or with a name that another
 * column had. Any other column that is added without a default has only NULL. A modifier that leaves the file as it is, as of a longer text, leaves the values too.
 */
const ALTERED = `EXISTS (SELECT 1 FROM jsonb_each(w.cells -> 'columns') n LEFT JOIN jsonb_each(w.had -> 'columns') o ON o.key = n.key WHERE CASE WHEN o.key IS NULL
      THEN ${WRITTEN_ANEW} OR COALESCE((w.had -> 'computed') ? n.key, false) OR n.value ->> 2 IN (SELECT e.value ->> 2 FROM jsonb_each(w.had -> 'columns') e)
        OR COALESCE((w.had -> 'generated') ? (n.value ->> 2), false) OR COALESCE((w.had -> 'gone') ? (n.value ->> 2), false)
        OR EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attname = n.value ->> 2 AND a.atthasmissing
          AND (a.attrelid = c.oid OR a.attrelid IN (SELECT e.key::oid FROM jsonb_each(w.parts) e)))
      ELSE n.value ->> 2 <> o.value ->> 2 OR n.value ->> 0 <> o.value ->> 0 OR n.value ->> 1 <> o.value ->> 1 AND ${WRITTEN_ANEW} END)`;

/**
 * Joins `w.untold` to the noted table `t` and its `c`: what happened since the last look, a word and the partition's name, or NULL. Notes of an earlier version
 * have nothing to compare with.
 */
export const SINCE_THE_LAST_LOOK = `LEFT JOIN LATERAL (SELECT w.parts, w.cells, CASE WHEN c.oid = t.relation AND (w.was <> w.parts OR w.had <> w.cells)
      THEN COALESCE(CASE WHEN w.had <> w.cells AND ${ALTERED} THEN 'altered' END, (SELECT min(said) FROM (${OF_PARTITIONS} OFFSET 0) o)) END AS untold
    FROM (SELECT x.was, x.had, x.parts, ${CELLS_AND_GONE} AS cells FROM (SELECT NULLIF(to_jsonb(t) -> 'parts', 'null') AS was,
      NULLIF(to_jsonb(t) -> 'cells', 'null') AS had, ${PARTS} AS parts, ${CELLS} AS now OFFSET 0) x OFFSET 0) w OFFSET 0) w ON true`;

/**
 * The statement with which a heartbeat looks: it keeps what happened in `untold` until the next apply, and what there is now for the next look. A note that
 * an apply is writing is left out. The connector's role may run it.
 *
 * @param notes the notes table, as SQL
 */
export function lookAt(notes: string): string {
  const sql = `UPDATE ${notes} u SET parts = l.parts, cells = l.cells, untold = l.untold
    FROM (SELECT t.relation, w.parts, w.cells, ${SINCE_THE_APPLY} AS untold FROM ${notes} t JOIN pg_class c ON c.oid = t.relation ${SINCE_THE_LAST_LOOK}
      WHERE t.published IS NOT NULL AND (t.parts IS DISTINCT FROM w.parts OR t.cells IS DISTINCT FROM w.cells) FOR UPDATE OF t SKIP LOCKED) l
    WHERE u.relation = l.relation`;
  return sql.replace(/\s+/g, " ");
}
