/** The parts of a database that a capture for somebody else could change: roles, rights, schemas, tables, publications, slots. */
const PARTS = {
  roles:
    "SELECT rolname, rolsuper, rolcanlogin, rolreplication, rolbypassrls, rolconfig, shobj_description(oid, 'pg_authid') AS comment FROM pg_roles ORDER BY 1",
  memberships:
    "SELECT roleid::regrole::text AS role, member::regrole::text AS member, admin_option FROM pg_auth_members ORDER BY 1, 2, 3",
  database:
    "SELECT datname, COALESCE(datacl, acldefault('d', datdba))::text AS acl FROM pg_database WHERE datname = current_database()",
  schemas:
    "SELECT nspname, nspowner::regrole::text, COALESCE(nspacl, acldefault('n', nspowner))::text AS acl FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1",
  tables:
    "SELECT oid::regclass::text, relkind, relreplident, relowner::regrole::text, COALESCE(relacl, acldefault('r', relowner))::text AS acl FROM pg_class " +
    "WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1",
  publications: "SELECT pubname, pubowner::regrole::text FROM pg_publication ORDER BY 1",
  slots: "SELECT slot_name FROM pg_replication_slots ORDER BY 1",
  settings: "SELECT setrole::regrole::text, setconfig FROM pg_db_role_setting ORDER BY 1",
};

/** Reads these parts, to be compared before and after. A missing access list means the same as one with the owner's rights. */
export async function catalogue(query: (sql: string) => Promise<object[]>): Promise<Record<string, object[]>> {
  const found: Record<string, object[]> = {};
  for (const [part, sql] of Object.entries(PARTS)) found[part] = await query(sql);
  return found;
}
