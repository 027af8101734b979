import type { Client, QueryResult } from "pg";
import { type ChangedTable, changedTablesSql } from "./changed";

/**
 * Reads the changed tables on any session, with `jit` off. With 400 tables Postgres (17) would compile the statement, which takes three
 * seconds each time; it runs for 0.07 s. The connector's role always has `jit` off.
 *
 * @param signalTable as `changedTablesSql` has it
 */
export async function readChangedTables(
  client: Pick<Client, "query">,
  signalTable: string,
  publication: string,
): Promise<ChangedTable[]> {
  // Statements that are sent together are one transaction. SET LOCAL ends with it, so a session that a pooler lends stays unchanged.
  const sent = `SET LOCAL jit = off; ${changedTablesSql(signalTable, publication)}`;
  const results = (await client.query(sent)) as unknown as QueryResult<ChangedTable>[];
  return results.at(-1)!.rows;
}
