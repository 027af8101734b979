import { handledMicros } from "./instruments/feed";
import { fiveContainers, type Run, withClient } from "./measure";
import { PeakMemory, total } from "./instruments/resource-usage";
import { nowMicros } from "../machine/clock";
import { cpuMeter, insertRows } from "./instruments/row-writer";

const PER_STATEMENT = 1000;
/** The measure gives up on a pipeline that handles fewer rows a second than this. */
const SLOWEST = 1000;

export interface DrainResult {
  rowsPerSecond: number;
  seconds: number;
  /** Seconds from the first commit until the writer was done. */
  writerSeconds: number;
  /** CPU of this process while it wrote, in % of one core. */
  writerCpu: number;
}

/** Inserts rows as fast as Postgres takes them and waits until the consumer has handled the last. */
export async function drain(
  run: Run,
  rows: number,
  { perStatement = PER_STATEMENT, payload }: { perStatement?: number; payload?: string } = {},
): Promise<DrainResult> {
  const before = await run.feed.newest();
  const meter = cpuMeter();
  const { first, written, writerCpu } = await withClient(run, async (client) => {
    let firstCommit = 0;
    for (let done = 0; done < rows; done += perStatement) {
      run.signal.throwIfAborted();
      await insertRows(client, "public.customers", Math.min(perStatement, rows - done), payload);
      if (done === 0) firstCommit = nowMicros();
    }
    return { first: firstCommit, written: nowMicros(), writerCpu: meter() };
  });
  const end = await run.feed.untilTotal(before.total + rows, {
    deadlineMs: 30_000 + (rows / SLOWEST) * 1000,
    // It asks seldom, because an answer costs the consumer time. The last change itself says when it was handled.
    intervalMs: 500,
  });
  if (end.total !== before.total + rows) {
    throw new Error(`${end.total - before.total} changes came for ${rows} rows; something else writes to the database`);
  }
  const seconds = (handledMicros(end.change!)! - first) / 1e6;
  run.say(`Postgres had taken the rows after ${((written - first) / 1e6).toFixed(1)} s of ${seconds.toFixed(1)} s`);
  return { rowsPerSecond: rows / seconds, seconds, writerSeconds: (written - first) / 1e6, writerCpu };
}

/** Measures the drain, and the peak of memory meanwhile. @returns rows a second */
export async function measureDrain(run: Run, wanted: { drain: boolean; memory: boolean }): Promise<number> {
  const rows = run.durations.drainRows;
  run.say(`drain of ${rows.toLocaleString("en")} rows`);
  const peak = new PeakMemory(await fiveContainers(run));
  let result: DrainResult | undefined;
  try {
    result = await drain(run, rows);
  } finally {
    const memory = await peak.stop();
    if (result && wanted.memory) run.record("memory-drain", total(memory) / 1e6, memory);
  }
  if (wanted.drain) run.record("drain", result.rowsPerSecond, { rows, ...result });
  return result.rowsPerSecond;
}
