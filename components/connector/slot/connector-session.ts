import { Client } from "pg";
import { clientOptions } from "../../database/client";
import type { SourceDatabase } from "../connector-types";

/** Runs `work` on a connection. */
export type Ask = <T>(work: (client: Client) => Promise<T>) => Promise<T>;

/** The session's name, and pg's time limits in milliseconds. */
interface Limits {
  application_name?: string;
  statement_timeout?: number;
  query_timeout?: number;
  connectionTimeoutMillis?: number;
}

/** Runs `work` on a connection of its own, closed afterwards. @param database its time limits, if any, replace the usual ones */
export async function withDatabase<T>(
  database: SourceDatabase & Limits,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return withSession(database, (ask) => ask(work));
}

/**
 * One connection for many questions, asked one after the other. It is opened at the first question. After a failed one it is closed,
 * and the next question opens another.
 */
export async function withSession<T>(database: SourceDatabase & Limits, work: (ask: Ask) => Promise<T>): Promise<T> {
  let open: Client | undefined;
  const close = async (): Promise<void> => {
    const client = open;
    open = undefined;
    await client?.end().catch(() => undefined);
  };
  const ask: Ask = async (question) => {
    try {
      if (!open) {
        open = new Client(clientOptions({ connectionTimeoutMillis: 5000, query_timeout: 10_000, ...database }));
        // When the connection ends, the question that runs or the next one fails, which is enough.
        open.on("error", () => undefined);
        await open.connect();
      }
      return await question(open);
    } catch (error) {
      await close();
      throw error;
    }
  };
  try {
    return await work(ask);
  } finally {
    await close();
  }
}
