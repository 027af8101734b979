import { withDatabase } from "../../../components/connector/slot/connector-session";

/** Runs statements one after the other. @param at address of the database, as in `Place` */
export async function runSql(
  { database }: { database: Parameters<typeof withDatabase>[0] },
  ...statements: string[]
): Promise<void> {
  await withDatabase(database, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

/** Runs a query. @returns the column `it` of its first row */
export async function value(
  { database }: { database: Parameters<typeof withDatabase>[0] },
  query: string,
): Promise<unknown> {
  return withDatabase(database, async (client) => (await client.query<{ it: unknown }>(query)).rows[0]?.it);
}
