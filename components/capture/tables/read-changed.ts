import type { Client, QueryResult } from "pg";
import { type ChangedTable, changedTablesSql } from "./changed";

/**
 * The changed tables, asked on any session. With 400 tables Postgres (17) takes the statement for an expensive one and compiles it, which takes three seconds
 * each time, where it runs for 0.07. The connector's role has that off.
 *
 * @param signalTable as `changedTablesSql` has it
 */
export async function readChangedTables(
  client: Pick<Client, "query">,
  signalTable: string,
  publication: string,
): Promise<ChangedTable[]> {
  // Statements that are sent together are one transaction, and LOCAL ends with it: a session that a pooler lends is as it was.
  const sent = `SET LOCAL jit = off; ${changedTablesSql(signalTable, publication)}`;
  const results = (await client.query(sent)) as unknown as QueryResult<ChangedTable>[];
  return results.at(-1)!.rows;
}
