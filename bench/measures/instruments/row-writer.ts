import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { nowMicros } from "../../machine/clock";

/** A commit of one row: the marker of its row, and when it was sent and acknowledged, in µs since 1970. */
export interface Commit {
  marker: string;
  sent: number;
  returned: number;
}

/**
 * Commits single rows at absolute deadlines. A commit that took too long is followed by the next at once, so the rate holds.
 *
 * @param tables `schema.table`, taken in turn
 * @param marker prefix of each row's `last_name`, by which its change is found
 */
export async function pacedCommits(
  client: Client,
  options: { tables: string[]; everyMs: number; count: number; marker: string; signal?: AbortSignal },
): Promise<Commit[]> {
  const { tables, everyMs, count, marker, signal } = options;
  const commits: Commit[] = [];
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const wait = start + i * everyMs - performance.now();
    if (wait >= 1) await sleep(wait, undefined, { signal });
    const table = tables[i % tables.length]!;
    const mark = `${marker}-${i}`;
    const sent = nowMicros();
    await client.query({
      name: `paced ${table}`,
      text: `insert into ${table} (first_name, last_name, email) values ('bench', $1, 'row@example.com')`,
      values: [mark],
    });
    commits.push({ marker: mark, sent, returned: nowMicros() });
  }
  return commits;
}

/** Inserts rows with one statement, which is one commit. The server makes the rows. */
export async function insertRows(client: Client, table: string, rows: number, payload = "row"): Promise<void> {
  await client.query({
    name: `bulk ${table}`,
    text:
      `insert into ${table} (first_name, last_name, email) ` +
      "select 'bench', 'bulk', $2 || i || '@example.com' from generate_series(1, $1::int) i",
    values: [rows, payload],
  });
}

/** Measures this process' CPU since the call, in % of one core. */
export function cpuMeter(): () => number {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 10 / (performance.now() - start);
  };
}
