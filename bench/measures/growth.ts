import type { Contestant } from "../contestants/contestant";
import { drain } from "./drain";
import { firstRow } from "./first-row";
import { tableNames } from "../contestants/init-sql";
import { pacedLatency } from "./latency";
import type { Run } from "./measure";
import { percentile } from "./instruments/statistics";

const TABLES = [1, 10, 50] as const;
/** Sizes of a row's text in bytes, and the number of such rows in a drain. */
const ROWS = [
  { bytes: 100, rows: 200_000, perStatement: 1000 },
  { bytes: 1000, rows: 100_000, perStatement: 1000 },
  { bytes: 10_000, rows: 20_000, perStatement: 100 },
] as const;

/** Measures how the cost grows with the number of tables and the size of rows. */
export async function measureGrowth(
  contestant: Contestant,
  prepare: (tables: string[]) => Promise<Run>,
): Promise<void> {
  for (const count of TABLES) {
    const tables = tableNames(count);
    const run = await prepare(tables);
    try {
      run.say(`start with ${count} tables`);
      const { firstRow: seconds } = await firstRow(run, count);
      run.record(`tables-${count}-first-row`, seconds);
      run.say("100 commits/s for 13 s, over all tables");
      const { ms } = await pacedLatency(run, { everyMs: 10, count: 1300, tables });
      run.record(`tables-${count}-p99`, percentile(ms.slice(300), 0.99), { p50: percentile(ms.slice(300), 0.5) });
      if (count === 1) await measureRowSizes(run);
    } finally {
      await contestant.remove();
    }
  }
}

async function measureRowSizes(run: Run): Promise<void> {
  for (const { bytes, rows, perStatement } of ROWS) {
    run.say(`drain of ${rows.toLocaleString("en")} rows of ${bytes} bytes`);
    const { rowsPerSecond, seconds } = await drain(run, rows, { perStatement, payload: randomText(bytes) });
    run.record(`rows-${bytes}-drain`, rowsPerSecond, { rows, seconds });
    run.record(`rows-${bytes}-mb`, (rowsPerSecond * bytes) / 1e6);
  }
}

/** Random letters, which hardly compress, so that Postgres stores and sends as many bytes as were written. */
function randomText(length: number): string {
  let text = "";
  while (text.length < length) text += Math.random().toString(36).slice(2);
  return text.slice(0, length);
}
