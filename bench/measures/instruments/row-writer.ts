import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { nowMicros } from "../../machine/clock";

/** One single-row commit: what marks its row, and when it was sent and acknowledged, in µs since 1970. */
export interface Commit {
  marker: string;
  sent: number;
  returned: number;
}

/**
 * Single-row commits at absolute deadlines: one that took long is followed by the next at once, so the rate holds.
 *
 * @param tables `schema.table`, taken in turn
 * @param marker prefix of each row's `last_name`, which tells it apart
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

/** One statement, one commit: so many rows, made in the server. */
export async function insertRows(client: Client, table: string, rows: number, payload = "row"): Promise<void> {
  await client.query({
    name: `bulk ${table}`,
    text:
      `insert into ${table} (first_name, last_name, email) ` +
      "select 'bench', 'bulk', $2 || i || '@example.com' from generate_series(1, $1::int) i",
    values: [rows, payload],
  });
}

/** What the writer cost this process, in % of one core since the start of the measure. */
export function cpuMeter(): () => number {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 10 / (performance.now() - start);
  };
}
