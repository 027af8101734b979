import { escapeIdentifier, escapeLiteral } from "pg";
import { notesTable } from "./changed";
import type { DatabaseFacts, TableFacts } from "./facts";
import { capturedTables, makeNotesSql, noteIdentitySql, noteTablesSql, restoreIdentitySql } from "./notes";
import { isOthers, markSql } from "./ownership";
import { hiddenTables, overridden, unpinned } from "./role";
import { splitTable } from "./tables";
import type { CaptureInputs, CaptureOutputs, ReplicaIdentity } from "./types";

const id = (name: string): string => escapeIdentifier(name);
/** As SQL writes it. */
export const tableId = (table: string): string => splitTable(table).map(id).join(".");

/** Settings for the transaction: one capture at a time, and no endless wait for a lock that an application holds. */
export const BEGIN = [
  "BEGIN",
  "SET LOCAL lock_timeout = '15s'",
  "SELECT pg_advisory_xact_lock(hashtext('cdc:capture'))",
];

/**
 * The statements that make the database what is declared; empty but for the password when it already is.
 *
 * @param ids the captured tables, `schema.table`, each with its id: see `tableIds`
 * @param verifier the role's password as Postgres keeps it
 * @param before what was applied last: only rights that it gave are taken away
 */
export function captureSql(
  inputs: CaptureInputs,
  ids: Readonly<Record<string, string>>,
  facts: DatabaseFacts,
  verifier: string,
  before: Given = {},
): string[] {
  const captured = Object.keys(ids);
  const published = inputs.signalTable ? [...captured, inputs.signalTable] : captured;
  const publication = publicationSql(inputs.publication, published, facts);
  return [
    ...roleSql(inputs.role, hiddenTables(captured, facts).length > 0, facts.role, verifier),
    ...sessionSql(inputs, facts),
    ...signalSql(inputs, facts),
    // What locks tables goes first. A grant holds the table's row of pg_class, and an ANALYZE that has the table waits for
    // that row (17.1 and later), while this would wait for the table: a deadlock.
    ...restoreIdentitySql(captured, facts),
    ...identitySql(captured, inputs, facts),
    ...publication,
    ...markSql(
      inputs,
      facts,
      publication.some((sql) => sql.startsWith("CREATE")),
      id,
    ),
    ...grantSql(inputs, captured, facts, before),
    ...noteTablesSql(inputs, ids, facts),
  ];
}

/** What of the state says which rights the capture has given. */
type Given = Partial<Pick<CaptureOutputs, "role" | "captured" | "signalTable">>;

function roleSql(role: string, bypass: boolean, now: DatabaseFacts["role"], verifier: string): string[] {
  const password = `PASSWORD ${escapeLiteral(verifier)}`;
  if (!now) {
    return [
      `CREATE ROLE ${id(role)} LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE ${bypass ? "BYPASSRLS " : ""}${password}`,
    ];
  }
  // Only what differs: naming an attribute at all needs the right to change it.
  const repairs = [
    now.login ? "" : "LOGIN",
    now.replication ? "" : "REPLICATION",
    now.superuser ? "NOSUPERUSER" : "",
    now.createdb ? "NOCREATEDB" : "",
    now.createrole ? "NOCREATEROLE" : "",
    bypass ? "BYPASSRLS" : "",
  ].filter(Boolean);
  return [`ALTER ROLE ${id(role)} ${[...repairs, password].join(" ")}`];
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
function sessionValue(name: string, value: string): string {
  return name === "search_path" ? value : escapeLiteral(value);
}

function signalSql({ signalTable }: CaptureInputs, facts: DatabaseFacts): string[] {
  if (!signalTable) return [];
  const [schema] = splitTable(signalTable);
  const make = [
    `CREATE SCHEMA IF NOT EXISTS ${id(schema)}`,
    `CREATE TABLE IF NOT EXISTS ${tableId(signalTable)} (id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL, data text)`,
  ];
  return [...(facts.tables.some(({ name }) => name === signalTable) ? [] : make), ...makeNotesSql(signalTable, facts)];
}

/** Rights that somebody else gave the role stay: on a table for heartbeats, say. */
function grantSql(
  { role, signalTable }: CaptureInputs,
  captured: string[],
  facts: DatabaseFacts,
  before: Given,
): string[] {
  const schemas = schemasOf(captured);
  const signalSchema = signalTable ? [splitTable(signalTable)[0]] : [];
  const given = [...(before.captured ?? []), ...(before.signalTable ? [before.signalTable] : [])];
  const isLeft = (table: string): boolean => !captured.includes(table) && table !== signalTable;
  const superfluous = facts.granted.filter((table) => given.includes(table) && isLeft(table));
  const needed = [
    ...schemas,
    ...signalSchema,
    ...schemasOf(facts.granted.filter((each) => !superfluous.includes(each))),
  ];
  const left = facts.usages.filter((schema) => schemasOf(given).includes(schema) && !needed.includes(schema));
  return [
    ...signalSchema.map((schema) => `GRANT USAGE ON SCHEMA ${id(schema)} TO ${id(role)}`),
    ...(signalTable
      ? [
          `GRANT SELECT, INSERT, DELETE ON ${tableId(signalTable)} TO ${id(role)}`,
          `GRANT SELECT ON ${tableId(notesTable(signalTable))} TO ${id(role)}`,
        ]
      : []),
    ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${id(schema)} TO ${id(role)}`),
    ...captured.map((table) => `GRANT SELECT ON ${tableId(table)} TO ${id(role)}`),
    ...superfluous.map((table) => `REVOKE ALL ON ${tableId(table)} FROM ${id(role)}`),
    ...left.map((schema) => `REVOKE ALL ON SCHEMA ${id(schema)} FROM ${id(role)}`),
  ];
}

function identitySql(
  captured: string[],
  { replicaIdentity, signalTable }: CaptureInputs,
  facts: DatabaseFacts,
): string[] {
  return withoutIdentity(captured, replicaIdentity, facts).flatMap((table) => [
    ...(signalTable ? [noteIdentitySql(signalTable, table)] : []),
    `ALTER TABLE ${tableId(table.name)} REPLICA IDENTITY ${identityFor(table, replicaIdentity)}`,
  ]);
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

function publicationSql(name: string, tables: string[], { publication: now, version }: DatabaseFacts): string[] {
  const list = tables.map(tableId).join(", ");
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
export function releaseSql(inputs: CaptureInputs, facts: DatabaseFacts): string[] {
  const { role, signalTable } = inputs;
  const own = [
    ...(facts.signal && !isOthers(inputs, facts.signal.comment) ? [signalTable] : []),
    ...(facts.notes && !isOthers(inputs, facts.notes.comment) ? [notesTable(signalTable)] : []),
  ];
  const mine = facts.role && !isOthers(inputs, facts.role.comment);
  const [schema] = splitTable(signalTable || ".");
  const schemaFree =
    own.length > 0 && !facts.tables.some(({ name }) => !own.includes(name) && name.startsWith(`${schema}.`));
  const { publication } = facts;
  return [
    ...(own.includes(notesTable(signalTable)) ? restoreIdentitySql([], facts) : []),
    ...(publication && !isOthers(inputs, publication.comment) ? [`DROP PUBLICATION ${id(inputs.publication)}`] : []),
    ...own.map((table) => `DROP TABLE ${tableId(table)}`),
    ...(mine
      ? facts.granted
          .filter((table) => !own.includes(table))
          .map((table) => `REVOKE ALL ON ${tableId(table)} FROM ${id(role)}`)
      : []),
    ...(mine ? facts.usages.map((name) => `REVOKE ALL ON SCHEMA ${id(name)} FROM ${id(role)}`) : []),
    ...(schemaFree && schema !== "public" ? [`DROP SCHEMA IF EXISTS ${id(schema)}`] : []),
    ...(mine ? [`DROP ROLE ${id(role)}`] : []),
  ];
}

/** Whether both name the same tables, in whatever order. */
export function sameTables(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((table) => b.includes(table));
}

function schemasOf(tables: string[]): string[] {
  return [...new Set(tables.map((table) => splitTable(table)[0]))];
}
