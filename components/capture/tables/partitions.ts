/**
 * All partitions below a partitioned table of this OID, as `relid`. `pg_partition_tree` is not used because it waits for locks: an ALTER TABLE in an open
 * transaction would delay heartbeats, and with them the changes of all tables.
 */
export const below = (
  oid: string,
): string => `(WITH RECURSIVE tree (relid) AS (SELECT inhrelid FROM pg_inherits WHERE inhparent = ${oid} AND EXISTS (SELECT 1 FROM pg_class WHERE oid = ${oid} AND relkind = 'p')
    UNION ALL SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = tree.relid) SELECT relid FROM tree)`;

/** Partitions below a table of this OID that were made as tables and then attached, each with the transaction that attached it: `{"16390 751"}`. */
export const attachedTo = (oid: string): string => `ARRAY(SELECT concat(i.inhrelid, ' ', i.xmin) FROM ${below(oid)} l
    JOIN pg_inherits i ON i.inhrelid = l.relid
    JOIN pg_attribute a ON a.attrelid = i.inhrelid AND a.attname = 'tableoid' WHERE a.xmin <> i.xmin ORDER BY 1)::text`;
