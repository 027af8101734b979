import type { DatabaseFacts } from "../facts/database-facts";
import type { RoleFacts } from "../facts/role-facts";
import { REPLICATION_ROLE, type Rights } from "./rights-facts";

/**
 * What the sessions of the connector's role start with, whatever the database or the server has for everybody. Debezium
 * reads values as text, in the form that these give it, and its snapshot is one statement however long it takes.
 */
export const ROLE_SESSION: readonly (readonly [name: string, value: string, since?: number])[] = [
  ["bytea_output", "hex"],
  ["datestyle", "ISO, MDY"],
  ["default_transaction_read_only", "off"],
  ["extra_float_digits", "1"],
  ["idle_in_transaction_session_timeout", "0"],
  ["intervalstyle", "postgres"],
  // Each heartbeat asks whether captured tables have changed, and the stream waits for the answer: 2 ms, and 38 where the query is compiled first.
  ["jit", "off"],
  ["lc_monetary", "C"],
  ["lock_timeout", "0"],
  ["row_security", "on"],
  ["search_path", '"$user", public'],
  ["statement_timeout", "0"],
  ["transaction_timeout", "0", 170000],
];

/** Those of the settings that the role does not start with. */
export function unpinned(role: RoleFacts | undefined, version: number): [name: string, value: string][] {
  return ROLE_SESSION.filter(([, , since = 0]) => version >= since)
    .filter(([name, value]) => !role?.settings.some((setting) => isSetting(setting, name, value)))
    .map(([name, value]) => [name, value]);
}

function isSetting(setting: string, name: string, value: string): boolean {
  const equals = setting.indexOf("=");
  return setting.slice(0, equals).toLowerCase() === name && setting.slice(equals + 1) === value;
}

/** Those of the settings that the role starts with another value in this database alone. */
export function overridden(role: RoleFacts | undefined): string[] {
  return ROLE_SESSION.filter(([name, value]) =>
    role?.here.some((setting) => setting.startsWith(`${name}=`) && !isSetting(setting, name, value)),
  ).map(([name]) => name);
}

/** What of the role differs: attributes as ALTER ROLE names them, and roles that it is to be a member of. */
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

/** Captured tables whose rows the role would only see where a policy lets it. */
export function hiddenTables(captured: readonly string[], { role, tables }: DatabaseFacts): string[] {
  if (role?.bypassrls || role?.superuser) return [];
  return tables.filter(({ name, rowSecurity }) => rowSecurity && captured.includes(name)).map(({ name }) => name);
}
