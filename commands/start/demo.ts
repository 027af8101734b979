/** Two customers' story, told by real changes. Leaves the table's rows as it found them. */
import { Client, DatabaseError } from "pg";
import { heeding } from "../processes/signals";
import { paintFor } from "../terminal/paint";
import type { StackOutputs } from "../stack/stack-outputs";
import { WITHOUT_FEED } from "../stack/without-feed";
import { changeLine } from "../watch/change-line";
import { onceUnlocked } from "../../components/database/lock-wait";
import { appliedConfig } from "./applied-config";
import { BusyError, DemoFeed, silent, WAIT_MS } from "./demo-feed";
import { maybeDropped, TABLE, whatStandsInTheWay } from "./demo-fit";

/** How long the program in a container that was made a moment ago may take until it listens. */
const WAKE_MS = 15_000;
/** How long a statement may wait for somebody's lock. */
const LOCK_MS = 5_000;
/** How long the database may take: the server ends a statement after that, and this side what gets no answer a while later. */
const STATEMENT_MS = 10_000;
const ANSWER_MS = 15_000;

/**
 * @param wakeMs how long the consumer may take to answer, in milliseconds
 * @param waitMs how long each change may take, in milliseconds
 * @param lockMs how long a statement may wait for somebody's lock, in milliseconds
 * @returns null after the demo; else why it was left out: tables or settings of this stack do not fit, somebody has a lock on the table, or the consumer has other
 *     changes to handle first
 * @throws when a part of the stack does not answer, a change does not arrive, or a signal ends it
 */
export async function demo(
  outputs: StackOutputs,
  wakeMs = WAKE_MS,
  waitMs = WAIT_MS,
  lockMs = LOCK_MS,
): Promise<string | null> {
  const ended = new AbortController();
  return heeding(
    (signal) => ended.abort(new Error(`Ended by ${signal}; the demo's rows are taken away again.`)),
    () =>
      tell(outputs, { wakeMs, waitMs, lockMs }, ended.signal).catch((error: Error) => {
        if (error instanceof BusyError) return error.message;
        throw error;
      }),
  );
}

interface Limits {
  wakeMs: number;
  waitMs: number;
  lockMs: number;
}

async function tell(outputs: StackOutputs, limits: Limits, ended: AbortSignal): Promise<string | null> {
  if (outputs.feedUrl === undefined) return WITHOUT_FEED;
  if (outputs.existingDatabase !== undefined)
    return `the database at ${outputs.existingDatabase} is somebody else's, and it would write there`;
  const paint = paintFor(process.stdout);
  const config = await appliedConfig();
  const client = await connected(outputs);
  const written: string[] = [];
  let other: Client | undefined;
  try {
    const misfit = await whatStandsInTheWay(client, outputs.topics, config);
    if (misfit !== null) return misfit;
    const feed = await DemoFeed.open(outputs.feedUrl, TABLE, limits.wakeMs, ended);
    const looker = (other = await connected(outputs));
    console.log(`\nWriting to ${TABLE}; this is what the consumer gets:\n`);
    const step = async (sql: string, values: unknown[], id?: string): Promise<void> => {
      const [back] = await unlocked(client, looker, limits.lockMs, async () => {
        ended.throwIfAborted();
        return (await client.query<{ id: string }>(sql, values)).rows;
      });
      const row = id ?? back?.id;
      if (row === undefined) throw new Error(`${TABLE} gave no id back for: ${sql}`);
      // Before the wait: a row whose event never comes is taken away again as well.
      if (id === undefined) written.push(row);
      const change = await feed.arrival(row, limits.waitMs).catch((error: Error & { code?: string }) => {
        const dropped = error.code === "TIMEOUT" ? maybeDropped(config, limits.waitMs) : null;
        throw dropped === null ? error : new BusyError(dropped, { cause: error });
      });
      console.log(`  ${paint("dim", sql.split(" values")[0]!)}\n  ${changeLine(change, paint)}\n`);
    };
    const insert = `insert into ${TABLE} (first_name, last_name, email) values ($1, $2, $3) returning id::text`;
    await step(insert, ["alex", "foley", "alex.foley"]);
    await step(insert, ["john", "doe", "john.doe"]);
    const [alex, john] = written as [string, string];
    await step(`update ${TABLE} set email = 'alex@example.com' where id = $1`, [alex], alex);
    await step(`delete from ${TABLE} where id = $1`, [john], john);
    return null;
  } finally {
    if (written.length > 0 && other !== undefined)
      await unlocked(client, other, limits.lockMs, () =>
        client.query(`delete from ${TABLE} where id = any($1)`, [written]),
      ).catch((error: Error) =>
        console.error(`Rows of the demo stay in ${TABLE}, with id ${written.join(", ")}: ${error.message}`),
      );
    await Promise.all([client.end(), other?.end()]);
  }
}

/** A session that waits for nothing without end: also not for a standby that is not there to confirm what the demo takes away again. */
async function connected({ databaseUrl }: StackOutputs): Promise<Client> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: ANSWER_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: ANSWER_MS,
    options: "-c synchronous_commit=local",
  });
  // A server that goes away is told by the query that it does not answer.
  client.on("error", () => undefined);
  await client.connect().catch((error: Error) => {
    const { hostname, port } = new URL(databaseUrl);
    // The server's own error says what is wrong.
    throw error instanceof DatabaseError ? error : silent("Postgres", "postgresPort", `${hostname}:${port}`, error);
  });
  return client;
}

/** @throws BusyError that names who has a lock on the table for longer */
async function unlocked<T>(client: Client, other: Client, deadlineMs: number, work: () => Promise<T>): Promise<T> {
  try {
    return await onceUnlocked(client, other, work, { what: "the demo", deadlineMs });
  } catch (error) {
    const { code, seen } = error as { code?: string; seen?: string };
    if (code !== "TIMEOUT") throw error;
    throw new BusyError(`${TABLE} was locked for ${deadlineMs / 1000} s: ${seen}`, { cause: error });
  }
}
