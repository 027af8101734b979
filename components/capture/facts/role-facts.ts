import { REPLICATION_ROLE } from "../role/rights-facts";

/** The connector's role. */
export interface RoleFacts {
  login: boolean;
  /** Whether the role has the attribute REPLICATION, or what a managed service has in its place: see `REPLICATION_ROLE`. */
  replication: boolean;
  superuser: boolean;
  createdb: boolean;
  createrole: boolean;
  bypassrls: boolean;
  /** Whether the role may have fewer sessions at once than a connector takes. */
  limited: boolean;
  /** Whether the role's VALID UNTIL is over. */
  expired: boolean;
  /** Settings of the role's sessions in all databases: `["bytea_output=hex"]`. */
  settings: string[];
  /** Settings of the role's sessions in this database, which win. */
  here: string[];
  comment: string | null;
  /** What the role owns in this database or the whole server, as Postgres describes it: the first ones. */
  owns?: string[];
  /** Whether the administrator may change it. */
  alterable: boolean;
}

/**
 * `limited`: Debezium has three sessions, one that streams, one that reads, one that writes signals. `alterable`: since Postgres 16 a role
 * with ADMIN OPTION on the role may change it; before, only a superuser may change a role with REPLICATION.
 */
export const ROLE = `SELECT rolcanlogin AS login, rolsuper AS superuser, rolcreatedb AS createdb,
  rolreplication OR COALESCE((SELECT pg_has_role(r.oid, g.oid, 'MEMBER') FROM pg_roles g WHERE g.rolname = '${REPLICATION_ROLE}'), false)
    AS replication,
  (SELECT me.rolsuper OR me.rolcreaterole AND CASE WHEN current_setting('server_version_num')::int >= 160000
      THEN pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION') ELSE NOT r.rolsuper AND NOT r.rolreplication END
    FROM pg_roles me WHERE me.rolname = current_user) AS alterable,
  rolcreaterole AS createrole, rolbypassrls AS bypassrls, rolconnlimit BETWEEN 0 AND 2 AS limited, rolvaliduntil < now() IS TRUE AS expired,
  COALESCE(rolconfig, '{}')::text[] AS settings,
  COALESCE((SELECT s.setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
    WHERE s.setrole = r.oid AND d.datname = current_database()), '{}')::text[] AS here,
  shobj_description(r.oid, 'pg_authid') AS comment,
  ARRAY(SELECT pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_shdepend d
    WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype = 'o'
      AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) ORDER BY 1 LIMIT 5) AS owns
  FROM pg_roles r WHERE rolname = $1`;

/** Tables on which the role itself has been granted anything, and views and sequences that the administrator may take it from. */
export const GRANTS = `SELECT DISTINCT n.nspname || '.' || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
  WHERE r.rolname = $1 AND (c.relkind IN ('r', 'p') OR c.relkind IN ('v', 'm', 'f', 'S') AND pg_has_role(c.relowner, 'USAGE'))`;

/** Tables that the role may read, by any grant. */
export const SELECTS = `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1) AND has_table_privilege($1, c.oid, 'SELECT')
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;

/** Schemas on which the role itself has been granted USAGE. */
export const USAGES = `SELECT n.nspname AS name FROM pg_namespace n, aclexplode(n.nspacl) a JOIN pg_roles r ON r.oid = a.grantee
  WHERE r.rolname = $1 AND a.privilege_type = 'USAGE'`;
