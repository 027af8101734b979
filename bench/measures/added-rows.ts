import type { Contestant } from "../contestants/contestant";
import { tableNames, tableSql } from "../contestants/init-sql";
import { Feed } from "./instruments/feed";
import { firstRow } from "./first-row";
import { type Run, withClient } from "./measure";
import { insertRows } from "./instruments/row-writer";

const TABLE = "public.added";
const SLOWEST = 1000;
/** Precision of the first and the last row's times, in milliseconds. Such rows have no commit time. */
const LOOK_MS = 50;

/** Captures a table with rows in a running stack, and measures how fast its rows come once the first has come. */
export async function measureAddedRows(
  contestant: Contestant,
  prepare: (tables: string[]) => Promise<Run>,
): Promise<void> {
  const tables = tableNames(1);
  const run = await prepare(tables);
  const stop = new AbortController();
  try {
    await firstRow(run);
    const rows = run.durations.addedRows;
    run.say(`a table with ${rows.toLocaleString("en")} rows is added`);
    await withClient(run, async (client) => {
      await client.query(tableSql(TABLE));
      await insertRows(client, TABLE, rows);
    });
    await contestant.capture!([...tables, TABLE]);
    // A feed of its own, which ends when a command fails.
    const feed = new Feed(run.endpoints.feedUrl, AbortSignal.any([run.signal, stop.signal]));
    await Promise.all([contestant.up(), watch({ ...run, feed }, rows)]);
  } finally {
    stop.abort();
    await contestant.remove();
  }
}

async function watch(run: Run, rows: number): Promise<void> {
  const before = await run.feed.newest();
  const start = performance.now();
  const deadlineMs = 180_000 + (rows / SLOWEST) * 1000;
  const seen = async (count: number): Promise<{ rows: number; seconds: number }> => {
    const handled = await run.feed.untilSince(before, count, { deadlineMs, intervalMs: LOOK_MS });
    return { rows: handled, seconds: (performance.now() - start) / 1000 };
  };
  const first = await seen(1);
  const last = await seen(rows);
  if (last.rows !== rows) throw new Error(`${last.rows} changes came for an added table of ${rows} rows`);
  run.record("added-rows", (rows - first.rows) / (last.seconds - first.seconds), {
    firstAfter: first.seconds,
    allAfter: last.seconds,
  });
}
