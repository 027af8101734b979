/** Rows that are changed all the time, each change with the next number: what arrived of them, in which order, and when. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { readRanges, rangesOf } from "../../../commands/verify/rows/read-topics";
import { clientConfig } from "../../../components/existing/kafka/kafka-access";
import { quietKafka } from "../../../consumer/kafka/quiet-kafka";

export const KEYS = 60;
const PER_SECOND = 200;

/** Changes rows until it is told to stop: the first round makes them. */
export class Numbered {
  /** Number of the last change that is committed. */
  last = 0;
  private stopped = false;
  private readonly done: Promise<void>;

  constructor(databaseUrl: string) {
    this.done = this.run(databaseUrl);
  }

  private async run(connectionString: string): Promise<void> {
    const client = new Client({ connectionString });
    await client.connect();
    const begin = Date.now();
    while (!this.stopped) {
      const id = (this.last % KEYS) + 1;
      await client.query(
        "insert into public.customers (id, last_name) values ($1, $2) on conflict (id) do update set last_name = $2",
        [id, String(this.last + 1)],
      );
      this.last++;
      await sleep(Math.max(0, begin + (this.last * 1000) / PER_SECOND - Date.now()));
    }
    await client.end();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }
}

export interface Arrived {
  /** Numbers that are in the topic. */
  numbers: Set<number>;
  /** Records of them, those that were written again included. */
  records: number;
  /** Where a key's later change stands before an earlier one. */
  disordered: string[];
  /** The longest time between two records that counts, in ms. */
  longestGapMs: number;
  /** Partitions that have records. */
  partitions: number;
}

/**
 * @param servers each broker, one of which may be down
 * @param since from when on the time between records counts, in ms since 1970, and the number from which on their order does
 */
export async function arrivedIn(
  servers: string,
  topic: string,
  since: { ms: number; number: number },
): Promise<Arrived> {
  const admin = quietKafka({ clientId: "test", ...clientConfig(servers) }).admin();
  await admin.connect();
  const ranges = await rangesOf(admin, [topic]);
  await admin.disconnect();
  const numbers = new Set<number>();
  const greatest = new Map<string, number>();
  const times: number[] = [];
  let records = 0;
  const disordered: string[] = [];
  await readRanges(servers, ranges, (_topic, { key, value, timestamp }) => {
    if (value === null) return;
    const { after } = JSON.parse(String(value)) as { after: { last_name: string } };
    const [row, number] = [String(key), Number(after.last_name)];
    const before = greatest.get(row) ?? 0;
    // One that was written again after a restart of the connector is no disorder: it stood in its place before.
    if (number > since.number && number < before && !numbers.has(number))
      disordered.push(`${row}: ${number} after ${before}`);
    greatest.set(row, Math.max(before, number));
    numbers.add(number);
    records++;
    if (Number(timestamp) >= since.ms) times.push(Number(timestamp));
  });
  times.sort((a, b) => a - b);
  return {
    ...{ numbers, disordered, records },
    longestGapMs: Math.max(...times.slice(1).map((time, at) => time - times[at]!)),
    partitions: ranges.filter(({ low, high }) => high > low).length,
  };
}
