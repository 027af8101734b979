import type { Client } from "pg";

/** Who may do what with a schema. */
export interface SchemaRights {
  /** Whether the administrator may use the schema. */
  mayUse: boolean;
  /** Whether the administrator may make tables in the schema. */
  mayCreate: boolean;
  /** Whether the administrator may let others use the schema. */
  mayGrant: boolean;
  /** Whether the role may use the schema. Where the role does not exist: whether everybody may. */
  used: boolean;
  owner?: string;
  /** Of the signal table's schema: whether anything but tables is in it. */
  holdsMore?: boolean;
}

export interface Rights {
  /** The administrator's role. */
  admin: string;
  superuser: boolean;
  createrole: boolean;
  replication: boolean;
  database: string;
  /** Whether the administrator may make schemas and publications in the database. */
  mayCreate: boolean;
  /** Whether the administrator may let others connect to the database. */
  mayGrantConnect: boolean;
  /** Whether the role may connect. Where the role does not exist: whether everybody may. */
  connects: boolean;
  /** Whether CONNECT has been granted to the role itself. */
  connectGranted: boolean;
  /** Whether `REPLICATION_ROLE` exists. */
  replicationByMembership: boolean;
  schemas: Record<string, SchemaRights>;
}

/** The role, or PUBLIC where it does not exist yet. The `has_…_privilege` functions take `public` for a name. */
const GRANTEE = "COALESCE((SELECT rolname FROM pg_roles WHERE rolname = $1), 'public')";

const ADMIN = `SELECT r.rolname::text AS admin, r.rolsuper AS superuser, r.rolcreaterole AS createrole,
    r.rolreplication AS replication, d.datname::text AS database,
    has_database_privilege(d.oid, 'CREATE') AS "mayCreate",
    has_database_privilege(d.oid, 'CONNECT WITH GRANT OPTION') AS "mayGrantConnect",
    has_database_privilege(${GRANTEE}, d.oid, 'CONNECT') AS connects,
    EXISTS (SELECT 1 FROM aclexplode(d.datacl) a JOIN pg_roles g ON g.oid = a.grantee
      WHERE g.rolname = $1 AND a.privilege_type = 'CONNECT') AS "connectGranted",
    EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $2) AS "replicationByMembership"
  FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`;

const SCHEMAS = `SELECT n.nspname::text AS name, has_schema_privilege(n.oid, 'USAGE') AS "mayUse",
    has_schema_privilege(n.oid, 'CREATE') AS "mayCreate", has_schema_privilege(n.oid, 'USAGE WITH GRANT OPTION') AS "mayGrant",
    has_schema_privilege(${GRANTEE}, n.oid, 'USAGE') AS used,
    pg_get_userbyid(n.nspowner)::text AS owner,
    CASE WHEN n.nspname = $2 THEN EXISTS (SELECT FROM pg_depend d LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
      WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid AND d.deptype = 'n' AND c.relkind IN ('r', 'p') IS NOT TRUE) END AS "holdsMore"
  FROM pg_namespace n WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;

/** On RDS and Aurora nobody can grant the attribute REPLICATION. Members of this role may replicate. */
export const REPLICATION_ROLE = "rds_replication";

export async function readRights(client: Client, role: string, signalSchema: string): Promise<Rights> {
  const [admin] = (await client.query(ADMIN, [role, REPLICATION_ROLE])).rows;
  const { rows } = await client.query<SchemaRights & { name: string }>(SCHEMAS, [role, signalSchema]);
  return { ...admin, schemas: Object.fromEntries(rows.map(({ name, ...rights }) => [name, rights])) };
}
