import { withDatabase } from "../../../components/connector/slot/connector-session";

/** Runs statements one after the other. @param at the database, as `Place` has it */
export async function runSql(
  { database }: { database: Parameters<typeof withDatabase>[0] },
  ...statements: string[]
): Promise<void> {
  await withDatabase(database, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

/** The column `it` of the first row. */
export async function value(
  { database }: { database: Parameters<typeof withDatabase>[0] },
  query: string,
): Promise<unknown> {
  return withDatabase(database, async (client) => (await client.query<{ it: unknown }>(query)).rows[0]?.it);
}
