/** Two customers' story, told by real changes. Leaves the table's rows as it found them. */
import { Client, DatabaseError } from "pg";
import { heeding } from "../processes/signals";
import { paintFor } from "../terminal/paint";
import type { StackOutputs } from "../stack/stack-outputs";
import { WITHOUT_FEED } from "../stack/without-feed";
import { changeLine } from "../watch/change-line";
import { BusyError, DemoFeed, silent, WAIT_MS } from "./demo-feed";

/** Where the story is written. */
export const TABLE = "public.customers";
const COLUMNS = ["first_name", "last_name", "email"];
/** How long the program in a container that was made a moment ago may take until it listens. */
const WAKE_MS = 15_000;

/**
 * @param wakeMs how long the consumer may take to answer, in milliseconds
 * @param waitMs how long each change may take, in milliseconds
 * @returns null after the demo; else why it was left out: the tables of this stack do not fit, or the consumer has other changes to handle first
 * @throws when a part of the stack does not answer, a change does not arrive, or a signal ends it
 */
export async function demo(outputs: StackOutputs, wakeMs = WAKE_MS, waitMs = WAIT_MS): Promise<string | null> {
  const ended = new AbortController();
  return heeding(
    (signal) => ended.abort(new Error(`Ended by ${signal}; the demo's rows are taken away again.`)),
    () =>
      tell(outputs, wakeMs, waitMs, ended.signal).catch((error: Error) => {
        if (error instanceof BusyError) return error.message;
        throw error;
      }),
  );
}

async function tell(outputs: StackOutputs, wakeMs: number, waitMs: number, ended: AbortSignal): Promise<string | null> {
  if (outputs.feedUrl === undefined) return WITHOUT_FEED;
  if (outputs.existingDatabase !== undefined)
    return `the database at ${outputs.existingDatabase} is somebody else's, and it would write there`;
  const paint = paintFor(process.stdout);
  const client = new Client({ connectionString: outputs.databaseUrl });
  await client.connect().catch((error: Error) => {
    const { hostname, port } = new URL(outputs.databaseUrl);
    // The server's own error says what is wrong.
    throw error instanceof DatabaseError ? error : silent("Postgres", "postgresPort", `${hostname}:${port}`, error);
  });
  const written: string[] = [];
  try {
    const misfit = await whatStandsInTheWay(client, outputs);
    if (misfit !== null) return misfit;
    const feed = await DemoFeed.open(outputs.feedUrl, TABLE, wakeMs, ended);
    console.log(`\nWriting to ${TABLE}; this is what the consumer gets:\n`);
    const step = async (sql: string, values: unknown[], id?: string): Promise<void> => {
      const { rows } = await client.query<{ id: string }>(sql, values);
      const row = id ?? rows[0]?.id;
      if (row === undefined) throw new Error(`${TABLE} gave no id back for: ${sql}`);
      // Before the wait: a row whose event never comes is taken away again as well.
      if (id === undefined) written.push(row);
      const change = await feed.arrival(row, waitMs);
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
    const rest = written.length > 0 ? client.query(`delete from ${TABLE} where id = any($1)`, [written]) : undefined;
    await Promise.resolve(rest).finally(() => client.end());
  }
}

/** The demo needs a captured table with an id that the database fills in, three texts, and no further column that must be given. */
async function whatStandsInTheWay(client: Client, { topics }: StackOutputs): Promise<string | null> {
  if (!topics.some((topic) => topic.endsWith(`.${TABLE}`))) return `${TABLE} is not one of cdc:tables`;
  const { rows } = await client.query<{ name: string; type: string; fits: boolean }>(
    `select attname as name, format_type(atttypid, null) as type,
       case when attname = any($2) then typcategory = 'S'
            when attname = 'id' then typcategory = 'N' and (atthasdef or attidentity <> '')
            else not attnotnull or atthasdef or attidentity <> '' end as fits
     from pg_attribute join pg_type on pg_type.oid = atttypid
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [TABLE, COLUMNS],
  );
  const lacks = ["id", ...COLUMNS].filter((column) => !rows.some(({ name }) => name === column));
  if (lacks.length > 0) return `${TABLE} has no column ${lacks.join(", ")}`;
  const misfit = rows.find(({ fits }) => !fits);
  return misfit ? `column ${misfit.name} (${misfit.type}) of ${TABLE} is not one it can fill` : null;
}
