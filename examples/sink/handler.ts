/**
 * Keeps tables of a second Postgres equal to the captured ones. Each change takes effect once, whatever is delivered or read again:
 * `pulumi config set handler examples/sink/handler.ts` and `pulumi config set --secret --path handlerEnv.SINK_URL postgres://…`.
 *
 * A table is copied when the second database has a table with the same name, columns and key; one that is not there is named in the log. docs/consumer.md ("Effects once") says why this is
 * right.
 */
import { readFileSync } from "node:fs";
import { Pool, type PoolClient } from "pg";
import type { Change } from "../../consumer/change/change-event";
import type { Arrival } from "../../consumer/change/change-json";
import { placeOf } from "../../consumer/change/event-id";
import { defineHandler } from "../../consumer/delivery/handler";
import { netEffect } from "./net-effect";
import { type Copied, firstSnapshotOf, newsOf, ofAnotherLog } from "./news";
import { beginning } from "./session";
import { Targets } from "./targets";

/** How far each partition was copied. It is written in the transaction of the copy, so that both are committed or neither is. */
const PLACES = `CREATE TABLE IF NOT EXISTS cdc_places (
  topic text, partition int, place text COLLATE "C" NOT NULL, snapshots text[] NOT NULL DEFAULT '{}', PRIMARY KEY (topic, partition))`;
/** A table of an earlier version of this example has no such column. */
const HAS_SNAPSHOTS = "SELECT FROM pg_attribute WHERE attrelid = 'cdc_places'::regclass AND attname = 'snapshots'";
const ADD_SNAPSHOTS = "ALTER TABLE cdc_places ADD COLUMN IF NOT EXISTS snapshots text[] NOT NULL DEFAULT '{}'";
/** Locks the partition's row. This also waits for a process that was taken for dead and still has its transaction open. */
const LOCK = `INSERT INTO cdc_places AS known (topic, partition, place) VALUES ($1, $2, '')
  ON CONFLICT (topic, partition) DO UPDATE SET place = known.place RETURNING place, snapshots`;
const MOVE = `UPDATE cdc_places SET place = $3, snapshots = snapshots || $4::text[] WHERE topic = $1 AND partition = $2`;

interface Sink {
  pool: Pool;
  /** Begins a transaction. */
  begin: string;
  targets: Targets;
  /** Told of a change that is left out and may be none that was copied; once for each partition. */
  leftOut: (change: Change) => void;
}

export const handle = defineHandler<Sink>({
  async setup({ log }) {
    const pool = new Pool({ connectionString: readFileSync(process.env["SINK_URL_FILE"]!, "utf8"), max: 5 });
    pool.on("error", (error) => log.warn(`a connection to the sink broke: ${error.message}`));
    // While a connection is in use, its query reports the error.
    pool.on("connect", (client) => client.on("error", () => undefined));
    await pool.query(PLACES);
    if ((await pool.query(HAS_SNAPSHOTS)).rowCount === 0) await pool.query(ADD_SNAPSHOTS);
    const said = new Set<string>();
    const leftOut = (change: Change) => {
      const partition = `${change.topic}/${change.partition}`;
      if (!said.has(partition))
        log.warn(`left out, which is right after a kill of this process, else: ${ofAnotherLog(change)}`);
      said.add(partition);
    };
    return { pool, begin: await beginning(pool), targets: new Targets((sentence) => log.warn(sentence)), leftOut };
  },
  async handleBatch(changes, { arrivalOf }, sink) {
    const { pool, targets } = sink;
    const client = await pool.connect();
    try {
      await client.query(sink.begin);
      await copy(client, sink, changes, arrivalOf);
      await client.query("COMMIT");
      client.release();
    } catch (error) {
      // Closes the connection. That rolls the transaction back even when the server does not answer. The error may come from outdated knowledge of
      // the tables, so that is dropped, too.
      client.release(true);
      targets.forget();
      throw error;
    }
  },
  close: ({ pool }) => pool.end(),
});

async function copy(
  client: PoolClient,
  { targets, leftOut }: Sink,
  changes: readonly Change[],
  arrivalOf: (change: Change) => Arrival,
): Promise<void> {
  const { topic, partition } = changes[0]!;
  const { rows } = await client.query<Copied>(LOCK, [topic, partition]);
  const copied = rows[0]!;
  const news = newsOf(changes, copied, arrivalOf, leftOut);
  for (const [table, changesOfTable] of byTable(news)) {
    const target = await targets.of(client, table);
    if (target !== undefined) await target.apply(client, netEffect(changesOfTable));
  }
  const last = news.at(-1)?.eventId;
  if (!last) return;
  const snapshots = new Set(news.map(firstSnapshotOf).filter((each) => each !== null));
  const further = [...snapshots].filter((each) => !copied.snapshots.includes(each));
  await client.query(MOVE, [topic, partition, placeOf(last), further]);
}

/** The changes by table: one table, unless transforms put several into a topic. */
function byTable(changes: readonly Change[]): Map<string, Change[]> {
  const tables = new Map<string, Change[]>();
  for (const change of changes) {
    const all = tables.get(change.table);
    if (all === undefined) tables.set(change.table, [change]);
    else all.push(change);
  }
  return tables;
}
