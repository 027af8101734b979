import { Client } from "pg";
import { clientOptions } from "../../database/client";
import type { SourceDatabase } from "../connector-types";

/** Runs something on a connection. */
export type Ask = <T>(work: (client: Client) => Promise<T>) => Promise<T>;

/** pg's time limits, in milliseconds, and what the session is called. */
interface Limits {
  application_name?: string;
  statement_timeout?: number;
  query_timeout?: number;
  connectionTimeoutMillis?: number;
}

/** Runs something on a connection of its own, closed afterwards. @param database with other time limits, if any */
export async function withDatabase<T>(
  database: SourceDatabase & Limits,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return withSession(database, (ask) => ask(work));
}

/**
 * One connection for many questions: it is made at the first of them, and anew after one that failed, whatever of it is
 * still under way. Questions are asked one after the other.
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
        // A server that goes tells the question that is under way, or the next one.
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
