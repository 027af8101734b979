/** The sessions of a comparison with the database. */
import { Client } from "pg";
import type { SourceDatabase } from "../../components/connector/connector-types";
import { clientOptions } from "../../components/database/client";

/**
 * Runs `work` on two sessions, which are closed afterwards. One that ends meanwhile is only in the way where it is still asked.
 *
 * @throws in a sentence where a session is asked that has ended, as when the server restarts
 */
export async function withTwoSessions<T>(
  database: SourceDatabase,
  work: (reader: Client, other: Client) => Promise<T>,
): Promise<T> {
  const [reader, other] = [new Client(clientOptions(database)), new Client(clientOptions(database))];
  let ended: Error | undefined;
  // While topics are read no question is under way, so pg emits the end. Without a listener it ends the process, and nothing is cleared away.
  for (const client of [reader, other]) client.on("error", (error) => (ended ??= error));
  try {
    await Promise.all([reader.connect(), other.connect()]);
    return await work(reader, other);
  } catch (error) {
    const cause = causeOf(error as Error, ended);
    if (cause === undefined) throw error;
    const { host, port } = database;
    throw new Error(
      `verify: the database at ${host}:${port} ended the session in which the tables are compared: ${cause.message}. ` +
        "Nothing was changed; once the database answers again, the same command begins anew.",
      { cause: error },
    );
  } finally {
    await Promise.all([reader.end(), other.end()]).catch(() => undefined);
  }
}

/** Why a session has ended; undefined where the error is another. */
function causeOf(error: Error & { code?: string }, ended: Error | undefined): Error | undefined {
  // The server's own word, in answer to the question: an administrator, a crash, a dropped database, or a session that was idle.
  if (/^57P0[1245]$/.test(error.code ?? "")) return error;
  const isPgs = error === ended || /is not queryable$|^Connection terminated/.test(error.message);
  return isPgs ? (ended ?? error) : undefined;
}
