import type { Client } from "pg";

/** Whether the session may ask for the server's system identifier: `may`. In a transaction, a refusal would end it. */
export const MAY = "SELECT has_function_privilege(to_regprocedure('pg_control_system()'), 'EXECUTE') AS may";
const ID = `SELECT (SELECT system_identifier::text FROM pg_control_system()) || '/' || oid AS id
  FROM pg_database WHERE datname = current_database()`;

/**
 * What tells a database from all others, under whatever host and port it is reached: the server's system identifier, which is made with
 * its data folder, and the database's OID there. A standby and a copy of the data folder have the same.
 *
 * @returns undefined where the session may not ask for it
 */
export async function databaseId(client: Pick<Client, "query">): Promise<string | undefined> {
  const [known] = (await client.query<{ may: boolean | null }>(MAY)).rows;
  if (known?.may !== true) return undefined;
  return (await client.query<{ id: string }>(ID)).rows[0]?.id;
}
