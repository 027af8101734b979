import type { DatabaseFacts } from "../facts/database-facts";
import type { RoleFacts } from "../facts/role-facts";
import { REPLICATION_ROLE, type Rights } from "./rights-facts";

/**
 * Settings of the connector's role, which win over those of database and server; the third element is the first version that has the
 * setting. Debezium reads values as text, in the form that these settings give them. Its snapshot is one statement, however long it takes.
 */
export const ROLE_SESSION: readonly (readonly [name: string, value: string, since?: number])[] = [
  ["bytea_output", "hex"],
  ["datestyle", "ISO, MDY"],
  ["default_transaction_read_only", "off"],
  ["extra_float_digits", "1"],
  ["idle_in_transaction_session_timeout", "0"],
  ["intervalstyle", "postgres"],
  // Each heartbeat asks whether captured tables have changed, and the stream waits for the answer: 2 ms, or 38 ms where Postgres compiles the query.
  ["jit", "off"],
  ["lc_monetary", "C"],
  ["lock_timeout", "0"],
  ["row_security", "on"],
  ["search_path", '"$user", public'],
  ["statement_timeout", "0"],
  ["transaction_timeout", "0", 170000],
];

/** The settings of `ROLE_SESSION` that the role lacks or has with another value. */
export function unpinned(role: RoleFacts | undefined, version: number): [name: string, value: string][] {
  return ROLE_SESSION.filter(([, , since = 0]) => version >= since)
    .filter(([name, value]) => !role?.settings.some((setting) => isSetting(setting, name, value)))
    .map(([name, value]) => [name, value]);
}

function isSetting(setting: string, name: string, value: string): boolean {
  return nameIn(setting) === name && setting.slice(setting.indexOf("=") + 1) === value;
}

/** Postgres keeps its own spelling of a name, as in `IntervalStyle=iso_8601`. */
function nameIn(setting: string): string {
  return setting.slice(0, setting.indexOf("=")).toLowerCase();
}

/** The settings of `ROLE_SESSION` that have another value for the role in this database. */
export function overridden(role: RoleFacts | undefined): string[] {
  return ROLE_SESSION.filter(([name, value]) =>
    role?.here.some((setting) => nameIn(setting) === name && !isSetting(setting, name, value)),
  ).map(([name]) => name);
}

/** What has to be changed about the role: attributes as ALTER ROLE names them, and roles that it must become a member of. */
export function roleRepairs(
  now: RoleFacts,
  bypass: boolean,
  { replicationByMembership }: Pick<Rights, "replicationByMembership">,
): { attributes: string[]; memberships: string[] } {
  const lacks = !now.replication;
  return {
    attributes: [
      now.login ? "" : "LOGIN",
      lacks && !replicationByMembership ? "REPLICATION" : "",
      now.superuser ? "NOSUPERUSER" : "",
      now.createdb ? "NOCREATEDB" : "",
      now.createrole ? "NOCREATEROLE" : "",
      bypass ? "BYPASSRLS" : "",
      now.limited ? "CONNECTION LIMIT -1" : "",
      now.expired ? "VALID UNTIL 'infinity'" : "",
    ].filter(Boolean),
    memberships: lacks && replicationByMembership ? [REPLICATION_ROLE] : [],
  };
}

/** Captured tables with row level security, where the role lacks BYPASSRLS: it would see only the rows that a policy shows. */
export function hiddenTables(captured: readonly string[], { role, tables }: DatabaseFacts): string[] {
  if (role?.bypassrls || role?.superuser) return [];
  return tables.filter(({ name, rowSecurity }) => rowSecurity && captured.includes(name)).map(({ name }) => name);
}
