/** The statements that grant the role its rights, and revoke them. */
import { escapeIdentifier } from "pg";
import { splitTable, sqlName } from "../../names/sql-name";
import type { CaptureInputs, CaptureOutputs, GivenRole } from "../capture-types";
import { notesTable } from "../tables/changed";
import { MEMORY_COLUMNS } from "../tables/unlogged-changes";
import type { DatabaseFacts } from "../facts/database-facts";

const id = (name: string): string => escapeIdentifier(name);

/** The part of the state that tells which rights the capture has given. */
export type Given = Partial<Pick<CaptureOutputs, "role" | "captured" | "signalTable" | "given">>;

/** The statement that lets the role connect, where it may not yet. */
export function connectSql({ role, database }: CaptureInputs, { rights }: DatabaseFacts): string[] {
  return rights.connects ? [] : [`GRANT CONNECT ON DATABASE ${id(database)} TO ${id(role)}`];
}

/** The statements that give the role its rights, and revoke those that it no longer needs. Rights that somebody else gave it stay. */
export function grantSql(
  { role, signalTable }: CaptureInputs,
  captured: string[],
  facts: DatabaseFacts,
  before: Given,
  given: GivenRole | undefined,
): string[] {
  const signalSchema = signalTable ? [splitTable(signalTable)[0]] : [];
  const tables = given?.tables ?? captured;
  // No grant where everybody may use the schema and the administrator may not grant it.
  const schemas = (given?.schemas ?? schemasOf(captured)).filter((name) => {
    const schema = facts.rights.schemas[name];
    return !schema?.used || schema.mayGrant;
  });
  const granted = [
    ...(before.given?.tables ?? before.captured ?? []),
    ...(before.signalTable ? [before.signalTable] : []),
  ];
  const isLeft = (table: string): boolean => !captured.includes(table) && table !== signalTable;
  const superfluous = facts.granted.filter((table) => granted.includes(table) && isLeft(table));
  const needed = [
    ...schemasOf(captured),
    ...signalSchema,
    ...schemasOf(facts.granted.filter((each) => !superfluous.includes(each))),
  ];
  const left = facts.usages.filter(
    (schema) => (before.given?.schemas ?? schemasOf(granted)).includes(schema) && !needed.includes(schema),
  );
  return [
    ...signalSchema.map((schema) => `GRANT USAGE ON SCHEMA ${id(schema)} TO ${id(role)}`),
    ...(signalTable
      ? [
          `GRANT SELECT, INSERT, DELETE ON ${sqlName(signalTable)} TO ${id(role)}`,
          `GRANT SELECT, UPDATE (named, ${MEMORY_COLUMNS.join(", ")}) ON ${sqlName(notesTable(signalTable))} TO ${id(role)}`,
        ]
      : []),
    ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${id(schema)} TO ${id(role)}`),
    ...tables.map((table) => `GRANT SELECT ON ${sqlName(table)} TO ${id(role)}`),
    ...superfluous.flatMap((table) => revokeSql("SELECT", sqlName(table), role, facts)),
    ...left.flatMap((schema) => revokeSql("USAGE", `SCHEMA ${id(schema)}`, role, facts)),
  ];
}

/**
 * The statements that revoke a right. Postgres grants and revokes as one of the roles that the administrator is a member of: GRANT as the
 * first that may give the right, REVOKE ALL as one that may give all rights. Where these are two roles, REVOKE ALL silently leaves the
 * first one's grant. So the right is also revoked by name.
 */
export function revokeSql(right: string, on: string, role: string, { rights }: DatabaseFacts): string[] {
  const all = `REVOKE ALL ON ${on} FROM ${id(role)}`;
  return rights.superuser ? [all] : [`REVOKE ${right} ON ${on} FROM ${id(role)}`, all];
}

export function schemasOf(tables: string[]): string[] {
  return [...new Set(tables.map((table) => splitTable(table)[0]))];
}
