import { escapeIdentifier, escapeLiteral } from "pg";
import { splitTable, sqlName } from "../names/sql-name";
import { connectSql, type Given, grantSql, revokeSql } from "./role/grants";
import { notesTable } from "./tables/changed";
import type { DatabaseFacts } from "./facts/database-facts";
import type { TableFacts } from "./facts/table-facts";
import { capturedTables, makeNotesSql, noteIdentitySql, noteTablesSql, restoreIdentitySql } from "./notes";
import { isOthers, markSql } from "./ownership";
import { REPLICATION_ROLE } from "./role/rights-facts";
import { hiddenTables, overridden, roleRepairs, unpinned } from "./role/role";
import type { CaptureInputs, CaptureOutputs, GivenRole, ReplicaIdentity } from "./capture-types";

const id = (name: string): string => escapeIdentifier(name);

/**
 * The statements that make the database what is declared; hardly more than the password when it already is.
 *
 * @param ids the captured tables, `schema.table`, each with its id: see `sqlNames`
 * @param verifier the role's password as Postgres keeps it; none: it has that one already
 * @param given where the role is somebody else's: what it is to have from this capture
 * @param before what was applied last: only rights that it gave are taken away
 */
export function captureSql(
  inputs: CaptureInputs,
  ids: Readonly<Record<string, string>>,
  facts: DatabaseFacts,
  verifier: string | undefined,
  before: Given = {},
  given?: GivenRole,
): string[] {
  const captured = Object.keys(ids);
  const published = inputs.signalTable ? [...captured, inputs.signalTable] : captured;
  const publication = publicationSql(inputs.publication, published, facts);
  return [
    ...(given
      ? []
      : [
          ...roleSql(inputs.role, hiddenTables(captured, facts).length > 0, facts, verifier),
          ...sessionSql(inputs, facts),
        ]),
    ...connectSql(inputs, facts),
    ...signalSql(inputs, facts),
    // What locks tables goes first. A grant holds the table's row of pg_class, and an ANALYZE that has the table waits for
    // that row (17.1 and later), while this would wait for the table: a deadlock.
    ...restoreIdentitySql(captured, facts),
    ...identitySql(captured, inputs, facts),
    ...writersSql(inputs, ids, facts),
    ...publication,
    ...markSql(
      inputs,
      facts,
      { isAnew: publication.some((sql) => sql.startsWith("CREATE")), given: given !== undefined },
      id,
    ),
    ...grantSql(inputs, captured, facts, before, given),
    ...noteTablesSql(inputs, ids, facts),
  ];
}

function roleSql(
  role: string,
  bypass: boolean,
  { role: now, rights }: DatabaseFacts,
  verifier: string | undefined,
): string[] {
  const password = verifier === undefined ? [] : [`PASSWORD ${escapeLiteral(verifier)}`];
  const members = (groups: string[]): string[] => groups.map((group) => `GRANT ${id(group)} TO ${id(role)}`);
  if (!now) {
    const { replicationByMembership: byMembership } = rights;
    const attributes = [
      ...["LOGIN", byMembership ? "" : "REPLICATION", "NOSUPERUSER NOCREATEDB NOCREATEROLE", bypass ? "BYPASSRLS" : ""],
      ...password,
    ].filter(Boolean);
    return [`CREATE ROLE ${id(role)} ${attributes.join(" ")}`, ...members(byMembership ? [REPLICATION_ROLE] : [])];
  }
  // Only what differs: naming an attribute at all needs the right to change it.
  const { attributes, memberships } = roleRepairs(now, bypass, rights);
  const changes = [...attributes, ...password];
  return [...(changes.length > 0 ? [`ALTER ROLE ${id(role)} ${changes.join(" ")}`] : []), ...members(memberships)];
}

function sessionSql({ role, database }: CaptureInputs, facts: DatabaseFacts): string[] {
  return [
    ...unpinned(facts.role, facts.version).map(
      ([name, value]) => `ALTER ROLE ${id(role)} SET ${name} = ${sessionValue(name, value)}`,
    ),
    ...overridden(facts.role).map((name) => `ALTER ROLE ${id(role)} IN DATABASE ${id(database)} RESET ${name}`),
  ];
}

/** A list of schemas is written without quotes around it: as one string it would be the name of one schema. */
export function sessionValue(name: string, value: string): string {
  return name === "search_path" ? value : escapeLiteral(value);
}

function signalSql({ signalTable }: CaptureInputs, facts: DatabaseFacts): string[] {
  if (!signalTable) return [];
  const [schema] = splitTable(signalTable);
  const make = [
    `CREATE SCHEMA IF NOT EXISTS ${id(schema)}`,
    `CREATE TABLE IF NOT EXISTS ${sqlName(signalTable)} (id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL, data text)`,
  ];
  return [...(facts.tables.some(({ name }) => name === signalTable) ? [] : make), ...makeNotesSql(signalTable, facts)];
}

function identitySql(
  captured: string[],
  { replicaIdentity, signalTable }: CaptureInputs,
  facts: DatabaseFacts,
): string[] {
  return withoutIdentity(captured, replicaIdentity, facts).flatMap((table) => [
    ...(signalTable ? [noteIdentitySql(signalTable, table)] : []),
    `ALTER TABLE ${sqlName(table.name)} REPLICA IDENTITY ${identityFor(table, replicaIdentity)}`,
  ]);
}

/**
 * Waits for the transactions that are writing to tables whose rows are to be read: what they wrote before the table was published is in no stream, and the
 * reading would not see it either, as long as they are open. A slot that is yet to be made waits for them by itself.
 */
function writersSql(
  { signalTable }: CaptureInputs,
  ids: Readonly<Record<string, string>>,
  facts: DatabaseFacts,
): string[] {
  if (!signalTable || !facts.slot) return [];
  const toRead = Object.keys(ids).filter((table) => facts.notes?.ids[table] !== ids[table]);
  return toRead.length > 0 ? [`LOCK TABLE ${toRead.map(sqlName).join(", ")} IN SHARE ROW EXCLUSIVE MODE`] : [];
}

/**
 * Captured tables, and their partitions, that have another replica identity. A partition's own is what counts for its
 * rows. An index that somebody chose is a key as good as the primary one.
 */
export function withoutIdentity(captured: string[], wanted: ReplicaIdentity, facts: DatabaseFacts): TableFacts[] {
  return capturedTables(captured, facts).filter((table) => {
    const right = identityFor(table, wanted);
    return table.replicaIdentity !== right && !(right === "DEFAULT" && table.replicaIdentity === "INDEX");
  });
}

/** With a column that is computed when it is read, Postgres 18 refuses every UPDATE and DELETE under FULL: its key then. */
function identityFor({ virtual }: TableFacts, wanted: ReplicaIdentity): ReplicaIdentity {
  return virtual.length > 0 ? "DEFAULT" : wanted;
}

export function publicationSql(name: string, tables: string[], { publication: now, version }: DatabaseFacts): string[] {
  const list = tables.map(sqlName).join(", ");
  // Under FULL, UPDATE and DELETE are refused on a table with a generated column that is not published (18).
  const generated = version >= 180000 ? ["publish_generated_columns = stored"] : [];
  const all = ["publish = 'insert, update, delete, truncate'", "publish_via_partition_root = true", ...generated];
  const options = `(${all.join(", ")})`;
  const create = `CREATE PUBLICATION ${id(name)} FOR TABLE ${list} WITH ${options}`;
  if (!now) return [create];
  if (now.allTables) return [`DROP PUBLICATION ${id(name)}`, create];
  const same = sameTables(now.tables, tables) && now.partial.length === 0;
  return [
    ...(same ? [] : [`ALTER PUBLICATION ${id(name)} SET TABLE ${list}`]),
    ...(now.complete && (generated.length === 0 || now.generated)
      ? []
      : [`ALTER PUBLICATION ${id(name)} SET ${options}`]),
  ];
}

/** The statements that take it all away again; what is already gone is left out. */
export function releaseSql(inputs: CaptureInputs & Pick<CaptureOutputs, "given">, facts: DatabaseFacts): string[] {
  const { role, signalTable, given } = inputs;
  const own = [
    ...(facts.signal && !isOthers(inputs, facts.signal.comment) ? [signalTable] : []),
    ...(facts.notes && !isOthers(inputs, facts.notes.comment) ? [notesTable(signalTable)] : []),
  ];
  const mine = facts.role !== undefined && (given !== undefined || !isOthers(inputs, facts.role.comment));
  const takes = (all: string[], some: string[] | undefined): string[] =>
    mine ? all.filter((name) => some?.includes(name) ?? true) : [];
  const connects = mine && facts.rights.connectGranted && (given?.connect ?? true);
  const [schema] = splitTable(signalTable || ".");
  const schemaFree =
    own.length > 0 && !facts.tables.some(({ name }) => !own.includes(name) && name.startsWith(`${schema}.`));
  const { publication } = facts;
  return [
    ...(own.includes(notesTable(signalTable)) ? restoreIdentitySql([], facts) : []),
    ...(publication && !isOthers(inputs, publication.comment) ? [`DROP PUBLICATION ${id(inputs.publication)}`] : []),
    ...own.map((table) => `DROP TABLE ${sqlName(table)}`),
    ...takes(facts.granted, given?.tables)
      .filter((table) => !own.includes(table))
      .flatMap((table) => revokeSql("SELECT", sqlName(table), role, facts)),
    ...takes(facts.usages, given && [...given.schemas, schema]).flatMap((name) =>
      revokeSql("USAGE", `SCHEMA ${id(name)}`, role, facts),
    ),
    ...(connects ? [`REVOKE CONNECT ON DATABASE ${id(inputs.database)} FROM ${id(role)}`] : []),
    ...(schemaFree && schema !== "public" ? [`DROP SCHEMA IF EXISTS ${id(schema)}`] : []),
    ...(mine && !given ? [`DROP ROLE ${id(role)}`] : []),
  ];
}

/** Whether both name the same tables, in whatever order. */
export function sameTables(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((table) => b.includes(table));
}
