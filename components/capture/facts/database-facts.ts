import type { Client } from "pg";
import { notesTable, RECORD_KEY, STOCK_KEY } from "../tables/changed";
import { type Notes, readNotes } from "../notes";
import { readRights, REPLICATION_ROLE, type Rights } from "../role/rights-facts";
import { readServer, type ServerFacts } from "./server";
import { readStock, type StockFacts } from "../tables/stock-columns";
import type { CaptureInputs } from "../capture-types";

/** A table as the catalogue knows it. */
export interface TableFacts {
  /** `schema.table` */
  name: string;
  /** Its OID: another one once it was dropped and made again. */
  oid: string;
  /** `FULL`, `DEFAULT`, `NOTHING` or `INDEX`; with an index that was dropped, `NOTHING`, as Postgres has it then. */
  replicaIdentity: string;
  /** With `INDEX`: the index's name. */
  identityIndex: string | null;
  /** Whether it has a primary key that Postgres takes for a replica identity: a deferrable one is none. */
  hasKey: boolean;
  /** Whether it has a primary key that is deferrable. */
  hasDeferrableKey: boolean;
  /** Whether its records have a key: see `RECORD_KEY`. */
  hasRecordKey: boolean;
  /** Columns that Debezium, as it is published, takes for that key, and in which rows may be the same. */
  sharedKey: string[];
  /** With `INDEX`: columns of the records' key that are not among the index's, so that the log does not have them of an old row. */
  keyNotLogged: string[];
  /** Partitions are captured through their parent. */
  isPartition: boolean;
  /** Of a partition: the partitioned table at the top, through which its changes are published. */
  root: string | null;
  /** Whether it has partitions. */
  isPartitioned: boolean;
  /** Those of them that are unlogged. */
  unlogged: string[];
  /** Tables that inherit from it (INHERITS, not partitions). */
  children: string[];
  /** A table of another schema that has the same name once schema and table are joined: `"a.b"."c"` for `a."b.c"`. */
  twin: string | null;
  /** The names of its columns, in their order. */
  columns: string[];
  /** Those that Postgres computes from the others, stored or not. */
  generated: string[];
  /** Those of them that are not stored (PostgreSQL 18). */
  virtual: string[];
  /** Those of them in the primary key or in the index chosen as replica identity. */
  generatedKey: string[];
  /** Constraints NOT NULL that are not validated (PostgreSQL 18): the columns may hold NULL. */
  unvalidated: string[];
  owner: string;
  /** Whether the administrator has its owner's rights. */
  owned: boolean;
  /** Whether row level security is on: then a role sees what policies show it, unless it has BYPASSRLS. */
  rowSecurity: boolean;
}

/** The connector's role. */
export interface RoleFacts {
  login: boolean;
  /** The attribute, or what a managed service has in its place: see `REPLICATION_ROLE`. */
  replication: boolean;
  superuser: boolean;
  createdb: boolean;
  createrole: boolean;
  bypassrls: boolean;
  /** Whether it may have fewer sessions at once than a connector takes. */
  limited: boolean;
  /** Whether the day until which its password is valid is over. */
  expired: boolean;
  /** What its sessions start with: `["bytea_output=hex"]`. */
  settings: string[];
  /** What they start with in this database only, which wins. */
  here: string[];
  comment: string | null;
  /** Whether the administrator may change it. */
  alterable: boolean;
}

/** The publication of the capture's name. */
export interface PublicationFacts {
  /** Made with FOR ALL TABLES. */
  allTables: boolean;
  tables: string[];
  /** Whether INSERT, UPDATE, DELETE and TRUNCATE are published, those of partitions through their root. */
  complete: boolean;
  /** Tables with a row filter or a column list: part of their changes would be missing. */
  partial: string[];
  /** Whether stored generated columns are published, without which a whole old row cannot be (PostgreSQL 18). */
  generated: boolean;
  owner: string;
  /** Whether the administrator has its owner's rights. */
  owned: boolean;
  comment: string | null;
}

/** Everything about the database that decides what is to be done. */
export interface DatabaseFacts {
  version: number;
  server: ServerFacts;
  /** What the administrator may do, and what the role may without being granted anything. */
  rights: Rights;
  tables: TableFacts[];
  /** What else a name may stand for, by `schema.name`: that it cannot be captured, and what to name instead. */
  others: Record<string, string>;
  /** Whether the administrator may give BYPASSRLS. */
  mayBypass: boolean;
  role?: RoleFacts;
  publication?: PublicationFacts;
  /** The comments of captures on roles and publications, whatever their names: see `markOf`. */
  marks: string[];
  /** Tables that the role may read, by whatever grant. */
  selects: string[];
  /** Tables on which it has been granted anything. */
  granted: string[];
  /** Schemas on which it has been granted USAGE. */
  usages: string[];
  slot?: { active: boolean; database: string | null; plugin: string | null };
  /** The signal table, if it is there. */
  signal?: {
    owner: string;
    comment: string | null;
    /** Whether the role may write and remove rows there; null: there is no such role. */
    written: boolean | null;
  };
  /** What the capture has noted beside it. */
  notes?: Notes;
  /** Where Debezium is as it is published. */
  stock?: StockFacts;
}

/** Without schemas that have a dot in their names: `schema.table` would not say where they end, and none can be captured. */
const TABLES = `SELECT n.nspname || '.' || c.relname AS name, c.oid::text AS oid, c.relispartition AS "isPartition",
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
    ARRAY(SELECT ln.nspname || '.' || l.relname FROM pg_partition_tree(c.oid) p JOIN pg_class l ON l.oid = p.relid
        JOIN pg_namespace ln ON ln.oid = l.relnamespace WHERE c.relkind = 'p' AND p.isleaf AND l.relpersistence = 'u' ORDER BY 1) AS unlogged,
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

/** Partitions first: whatever else they are, their changes come through the root. */
const OTHERS = `SELECT n.nspname || '.' || c.relname AS name, CASE
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

/**
 * Debezium has three sessions: one streams, one reads, one writes signals. Since 16 a role may be changed by whoever may grant it; before,
 * those with REPLICATION by a superuser only.
 */
const ROLE = `SELECT rolcanlogin AS login, rolsuper AS superuser, rolcreatedb AS createdb,
  rolreplication OR COALESCE((SELECT pg_has_role(r.oid, g.oid, 'MEMBER') FROM pg_roles g WHERE g.rolname = '${REPLICATION_ROLE}'), false)
    AS replication,
  (SELECT me.rolsuper OR me.rolcreaterole AND CASE WHEN current_setting('server_version_num')::int >= 160000
      THEN pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION') ELSE NOT r.rolsuper AND NOT r.rolreplication END
    FROM pg_roles me WHERE me.rolname = current_user) AS alterable,
  rolcreaterole AS createrole, rolbypassrls AS bypassrls, rolconnlimit BETWEEN 0 AND 2 AS limited, rolvaliduntil < now() IS TRUE AS expired,
  COALESCE(rolconfig, '{}')::text[] AS settings,
  COALESCE((SELECT s.setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
    WHERE s.setrole = r.oid AND d.datname = current_database()), '{}')::text[] AS here,
  shobj_description(r.oid, 'pg_authid') AS comment
  FROM pg_roles r WHERE rolname = $1`;

const PUBLICATION = `SELECT p.puballtables AS "allTables", p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AND p.pubviaroot AS complete,
    ARRAY(SELECT schemaname || '.' || tablename FROM pg_publication_tables WHERE pubname = p.pubname ORDER BY 1) AS tables,
    ARRAY(SELECT n.nspname || '.' || c.relname FROM pg_publication_rel r
      JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE r.prpubid = p.oid AND (to_jsonb(r) ->> 'prqual' IS NOT NULL OR to_jsonb(r) ->> 'prattrs' IS NOT NULL) ORDER BY 1) AS partial,
    to_jsonb(p) ->> 'pubgencols' = 's' IS TRUE AS generated,
    pg_get_userbyid(p.pubowner) AS owner, pg_has_role(p.pubowner, 'USAGE') AS owned, obj_description(p.oid, 'pg_publication') AS comment
  FROM pg_publication p WHERE p.pubname = $1`;

const GRANTS = `SELECT DISTINCT n.nspname || '.' || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
  WHERE r.rolname = $1 AND c.relkind IN ('r', 'p')`;

const SELECTS = `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1) AND has_table_privilege($1, c.oid, 'SELECT')
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;

const USAGES = `SELECT n.nspname AS name FROM pg_namespace n, aclexplode(n.nspacl) a JOIN pg_roles r ON r.oid = a.grantee
  WHERE r.rolname = $1 AND a.privilege_type = 'USAGE'`;

const MARKS = `SELECT comment FROM (SELECT obj_description(oid, 'pg_publication') AS comment FROM pg_publication
  UNION SELECT shobj_description(oid, 'pg_authid') FROM pg_roles) c WHERE comment LIKE 'Change data capture of %'`;

const SLOT = "SELECT active, database, plugin FROM pg_replication_slots WHERE slot_name = $1";

const SIGNAL = `SELECT pg_get_userbyid(c.relowner) AS owner, obj_description(c.oid, 'pg_class') AS comment,
    (SELECT bool_and(has_table_privilege(r.oid, c.oid, p)) FROM pg_roles r, (VALUES ('INSERT'), ('DELETE')) v (p) WHERE r.rolname = $2) AS written
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname || '.' || c.relname = $1`;

/** The names that the facts are about. */
type Asked = Pick<CaptureInputs, "role" | "publication" | "slotName" | "signalTable" | "stock">;

const SETTINGS = `SELECT current_setting('server_version_num')::int AS version,
  (SELECT rolsuper OR rolbypassrls AND current_setting('server_version_num')::int >= 160000 FROM pg_roles WHERE rolname = current_user) AS "mayBypass"`;

/** Reads the catalogue. Changes nothing. */
export async function readFacts(client: Client, inputs: Asked) {
  const one = async (sql: string, values: string[] = []) => (await client.query(sql, values)).rows;
  const [settings] = await one(SETTINGS);
  const facts: DatabaseFacts = {
    version: settings.version,
    server: await readServer(client),
    rights: await readRights(client, inputs.role),
    mayBypass: settings.mayBypass,
    tables: await one(TABLES),
    others: Object.fromEntries((await one(OTHERS)).map(({ name, what }) => [name, what])),
    role: (await one(ROLE, [inputs.role]))[0],
    publication: (await one(PUBLICATION, [inputs.publication]))[0],
    marks: (await one(MARKS)).map(({ comment }) => comment),
    selects: (await one(SELECTS, [inputs.role])).map(({ name }) => name),
    granted: (await one(GRANTS, [inputs.role])).map(({ name }) => name),
    usages: (await one(USAGES, [inputs.role])).map(({ name }) => name),
    slot: (await one(SLOT, [inputs.slotName]))[0],
    signal: (await one(SIGNAL, [inputs.signalTable, inputs.role]))[0],
    notes: await readNotes(client, inputs),
    ...(inputs.stock && { stock: await readStock(client) }),
  };
  return facts;
}

/** Tables that `schema.*` may stand for: no partitions, not the capture's own. */
export function capturable(facts: DatabaseFacts, signalTable: string): string[] {
  const own = signalTable ? [signalTable, notesTable(signalTable)] : [];
  return facts.tables.filter(({ name, isPartition }) => !isPartition && !own.includes(name)).map(({ name }) => name);
}
