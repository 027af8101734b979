import { splitTable } from "../../names/sql-name";
import { escapeIdentifier } from "pg";
import { notesTable } from "../tables/changed";
import type { DatabaseFacts } from "../facts/database-facts";
import type { TableFacts } from "../facts/table-facts";
import { capturedTables } from "../notes";
import { hiddenTables, roleRepairs, unpinned } from "./role";
import { publicationSql, sessionValue, withoutIdentity } from "../capture-sql";
import type { CaptureInputs } from "../capture-types";

const id = (name: string): string => escapeIdentifier(name);

/** What about the role decides which rights are needed. */
export interface RoleStanding {
  /** Whether somebody else made the role, and it is used as it is. */
  given: boolean;
  /** Whether the role logs in with its password. Asked only where the administrator could not set one. */
  fits: boolean;
}

/**
 * Pure: the statements that a database administrator has to run before this capture can be made. They give only rights that what is still
 * to be done needs. Empty: no right is missing.
 */
export function missingRights(
  inputs: CaptureInputs,
  captured: readonly string[],
  facts: DatabaseFacts,
  standing: RoleStanding,
): string[] {
  if (facts.rights.superuser && !standing.given) return [];
  const found = [...roleRights(inputs, captured, facts, standing)];
  if (!facts.rights.superuser) {
    found.push(
      ...databaseRights(inputs, captured, facts),
      ...schemaRights(captured, facts),
      ...ownerRights(inputs, captured, facts),
    );
  }
  return [...new Set(found)];
}

/** Pure: the message with the missing rights. Its statements can be pasted into psql. */
export function rightsWords({ rights }: DatabaseFacts, { host, port }: CaptureInputs, sql: readonly string[]): string {
  return (
    `${rights.admin} may not do all that this capture needs in database ${rights.database} at ${host}:${port}. ` +
    "Let a database administrator run there, then run this again:\n\n" +
    `${sql.map((line) => `  ${line}`).join("\n")}\n`
  );
}

function roleRights(
  inputs: CaptureInputs,
  captured: readonly string[],
  facts: DatabaseFacts,
  { given, fits }: RoleStanding,
): string[] {
  const { role, rights, version } = facts;
  const name = id(inputs.role);
  if (!role) {
    // Before Postgres 16 only a superuser can create a role with REPLICATION. A managed service's role has a membership in its place.
    if (version < 160000 && !rights.replicationByMembership) {
      return [
        `CREATE ROLE ${name} LOGIN REPLICATION PASSWORD 'choose one, and set it as capturePassword';`,
        ...pins(inputs, facts),
      ];
    }
    const lacks = [
      rights.createrole ? "" : "CREATEROLE",
      rights.replication || rights.replicationByMembership ? "" : "REPLICATION",
    ].filter(Boolean);
    return lacks.length > 0 ? [`ALTER ROLE ${id(rights.admin)} ${lacks.join(" ")};`] : [];
  }
  const bypass = hiddenTables(captured, facts).length > 0;
  const repairs = roleRepairs(role, bypass, rights);
  if (given) {
    return [
      ...(repairs.attributes.length > 0 ? [`ALTER ROLE ${name} ${repairs.attributes.join(" ")};`] : []),
      ...repairs.memberships.map((group) => `GRANT ${id(group)} TO ${name};`),
      ...pins(inputs, facts),
    ];
  }
  const isRight = fits && repairs.attributes.length === 0 && pins(inputs, facts).length === 0;
  if (role.alterable || isRight) return [];
  return [
    ...(rights.createrole ? [] : [`ALTER ROLE ${id(rights.admin)} CREATEROLE;`]),
    `GRANT ${name} TO ${id(rights.admin)} WITH ADMIN OPTION;`,
  ];
}

function pins({ role }: CaptureInputs, { role: now, version }: DatabaseFacts): string[] {
  return unpinned(now, version).map(
    ([name, value]) => `ALTER ROLE ${id(role)} SET ${name} = ${sessionValue(name, value)};`,
  );
}

function databaseRights(inputs: CaptureInputs, captured: readonly string[], facts: DatabaseFacts): string[] {
  const { rights, publication, role } = facts;
  const admin = id(rights.admin);
  const database = id(rights.database);
  const makesSchema = inputs.signalTable !== "" && rights.schemas[splitTable(inputs.signalTable)[0]] === undefined;
  const makes = makesSchema || publication === undefined || publication.allTables;
  return [
    ...(makes && !rights.mayCreate ? [`GRANT CREATE ON DATABASE ${database} TO ${admin};`] : []),
    ...(rights.connects || rights.mayGrantConnect
      ? []
      : [
          role
            ? `GRANT CONNECT ON DATABASE ${database} TO ${id(inputs.role)};`
            : `GRANT CONNECT ON DATABASE ${database} TO ${admin} WITH GRANT OPTION;`,
        ]),
    ...signalRights(inputs, captured, facts),
  ];
}

/** Rights on the schema of the signal table, where another administrator has made it. */
function signalRights({ signalTable }: CaptureInputs, _captured: readonly string[], facts: DatabaseFacts): string[] {
  if (!signalTable) return [];
  const [schema] = splitTable(signalTable);
  const there = facts.rights.schemas[schema];
  const isWhole = facts.signal !== undefined && facts.notes?.fits === true;
  if (!there || (there.mayUse && (isWhole || there.mayCreate) && (there.used || there.mayGrant))) return [];
  return [`GRANT USAGE, CREATE ON SCHEMA ${id(schema)} TO ${id(facts.rights.admin)} WITH GRANT OPTION;`];
}

/** Rights on the captured tables' schemas. Without the grant option Postgres would only warn at the GRANT, and grant nothing. */
function schemaRights(captured: readonly string[], { rights }: DatabaseFacts): string[] {
  const names = [...new Set(captured.map((table) => splitTable(table)[0]))];
  return names
    .filter((name) => {
      const schema = rights.schemas[name];
      return schema !== undefined && !(schema.mayUse && (schema.used || schema.mayGrant));
    })
    .map((name) => `GRANT USAGE ON SCHEMA ${id(name)} TO ${id(rights.admin)} WITH GRANT OPTION;`);
}

/** Memberships in the tables' owners: only an owner may publish a table, change its replica identity and grant rights on it. */
function ownerRights(inputs: CaptureInputs, captured: readonly string[], facts: DatabaseFacts): string[] {
  const { publication, rights, version } = facts;
  const own = inputs.signalTable ? [inputs.signalTable, notesTable(inputs.signalTable)] : [];
  const published = publicationSql(inputs.publication, [...captured, ...own.slice(0, 1)], facts).length > 0;
  const misfits = withoutIdentity([...captured], inputs.replicaIdentity, facts);
  const isNeeded = (table: TableFacts): boolean =>
    !table.owned &&
    (own.includes(table.name) ||
      misfits.includes(table) ||
      (captured.includes(table.name) &&
        (!publication?.tables.includes(table.name) || !facts.selects.includes(table.name))));
  const tables = [...capturedTables(captured, facts), ...facts.tables.filter(({ name }) => own.includes(name))];
  const owners = [
    ...tables.filter(isNeeded).map(({ owner }) => owner),
    ...(publication && published && !publication.owned ? [publication.owner] : []),
  ];
  // The administrator needs the owner's rights, and not SET ROLE: it makes nothing as the owner.
  const how = version >= 160000 ? " WITH INHERIT TRUE, SET FALSE" : "";
  return [...new Set(owners)].sort().map((owner) => `GRANT ${id(owner)} TO ${id(rights.admin)}${how};`);
}

/** Pure: the refusal of a role that exists and does not log in with the given password. */
export function lockedOut({ role }: CaptureInputs): string {
  return (
    `Role ${role} already exists, and does not log in with the password that is set for it. Set its own password ` +
    "(rolePassword; capturePassword in this project)."
  );
}
