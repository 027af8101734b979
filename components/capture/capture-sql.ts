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
 * The statements that bring the database to what is declared. Where it already is, there are few.
 *
 * @param ids the captured tables, `schema.table`, each with its id: see `tableIds`
 * @param verifier the role's password as Postgres stores it (`scramVerifier`); undefined: the role has that password already
 * @param given for a role that somebody else made: the rights that this capture gives it
 * @param before what was applied last: only rights that the capture gave are revoked
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
    // Statements that lock tables go before the grants. A grant locks the table's row of pg_class. An ANALYZE that has locked the table
    // waits for that row (17.1 and later), and a table lock after the grant would wait for the ANALYZE: a deadlock.
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
  // Only attributes that differ: to name an attribute at all needs the right to change it.
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

/** The value as ALTER ROLE … SET takes it. A `search_path` is not quoted as a whole: it would be the name of one schema. */
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
 * Waits for the transactions that write to tables whose existing rows are to be read. What they wrote before the table was published is in no
 * stream, and a snapshot would not see it while they are open. Where the slot is not made yet, its creation waits for them.
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
 * Captured tables and their partitions whose replica identity is not the wanted one. For a partition's rows its own identity
 * counts. Where DEFAULT is wanted, an index that somebody chose is as good, and so is FULL while another publication has the table.
 */
export function withoutIdentity(captured: string[], wanted: ReplicaIdentity, facts: DatabaseFacts): TableFacts[] {
  return capturedTables(captured, facts).filter((table) => {
    const right = identityFor(table, wanted);
    const suffices = table.replicaIdentity === "INDEX" || isSharedFull(table, facts);
    return table.replicaIdentity !== right && !(right === "DEFAULT" && suffices);
  });
}

/** Whether another publication may need the table's FULL. */
function isSharedFull({ oid, replicaIdentity, virtual }: TableFacts, { elsewhere = {} }: DatabaseFacts): boolean {
  return replicaIdentity === "FULL" && virtual.length === 0 && elsewhere[oid] !== undefined;
}

/** The replica identity for a table: DEFAULT with a virtual column, since Postgres 18 refuses every UPDATE and DELETE under FULL then. */
function identityFor({ virtual }: TableFacts, wanted: ReplicaIdentity): ReplicaIdentity {
  return virtual.length > 0 ? "DEFAULT" : wanted;
}

export function publicationSql(name: string, tables: string[], { publication: now, version }: DatabaseFacts): string[] {
  const list = tables.map(sqlName).join(", ");
  // Postgres 18 refuses UPDATE and DELETE under FULL on a table with a generated column that is not published.
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

/** Whether the notes in the database are this capture's, and not those of another one that has taken the name. */
export function ownsNotes(inputs: CaptureInputs, { notes }: DatabaseFacts): boolean {
  return notes !== undefined && !isOthers(inputs, notes.comment);
}

/** The statements that remove the capture from the database. Objects that are already gone, or another capture's, are left out. */
export function releaseSql(inputs: CaptureInputs & Pick<CaptureOutputs, "given">, facts: DatabaseFacts): string[] {
  const { role, signalTable, given } = inputs;
  const own = [
    ...(facts.signal && !isOthers(inputs, facts.signal.comment) ? [signalTable] : []),
    ...(ownsNotes(inputs, facts) ? [notesTable(signalTable)] : []),
  ];
  const mine = facts.role !== undefined && (given !== undefined || !isOthers(inputs, facts.role.comment));
  const takes = (all: string[], some: string[] | undefined): string[] =>
    mine ? all.filter((name) => some?.includes(name) ?? true) : [];
  const connects = mine && facts.rights.connectGranted && (given?.connect ?? true);
  const [schema] = splitTable(signalTable || ".");
  const schemaFree =
    own.length > 0 &&
    isOwnSchema(schema, own, facts) &&
    !facts.tables.some(({ name }) => !own.includes(name) && name.startsWith(`${schema}.`));
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
    // Rights on whatever else somebody gave the role would stand in the way. `ownedText` has looked that it owns nothing that would go.
    ...(mine && !given && facts.rights.superuser ? [`DROP OWNED BY ${id(role)}`] : []),
    ...(mine && !given ? [`DROP ROLE ${id(role)}`] : []),
  ];
}

/** Whether the capture has made the schema: the owner of its tables has it then. One that has more in it than tables stays too. */
function isOwnSchema(schema: string, own: readonly string[], { rights, tables }: DatabaseFacts): boolean {
  const { owner, holdsMore } = rights.schemas[schema] ?? {};
  const makers = tables.filter(({ name }) => own.includes(name)).map((table) => table.owner);
  return holdsMore !== true && (owner === undefined || makers.includes(owner));
}

/** Pure: why the role cannot be dropped: somebody has made something as it, which would go with it. Undefined: nothing is in the way. */
export function ownedText(
  inputs: CaptureInputs & Pick<CaptureOutputs, "given">,
  { role, rights }: DatabaseFacts,
): string | undefined {
  if (inputs.given || !role?.owns?.length || isOthers(inputs, role.comment)) return undefined;
  return (
    `Role ${inputs.role} owns what the capture did not make: ${role.owns.join(", ")}. Drop it, or give it to another owner, then run ` +
    `this again: REASSIGN OWNED BY ${id(inputs.role)} TO ${id(rights.admin)};`
  );
}

/** Whether both lists name the same tables, in any order. */
export function sameTables(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((table) => b.includes(table));
}
