/** Changes rows all the time, each change with the next number, and checks which changes arrived, in which order, and when. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { readRanges, rangesOf } from "../../../commands/verify/rows/read-topics";
import { clientConfig } from "../../../components/existing/kafka/kafka-access";
import { quietKafka } from "../../../consumer/kafka/quiet-kafka";

export const KEYS = 60;
const PER_SECOND = 200;

/** Changes rows until it is stopped. The first round inserts them. */
export class Numbered {
  /** Number of the last committed change. */
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
  /** Number of records, with those that were written again. */
  records: number;
  /** Places at which a key's later change comes before an earlier one. */
  disordered: string[];
  /** The longest time between two records, in ms. */
  longestGapMs: number;
  /** Number of partitions with records. */
  partitions: number;
}

/**
 * @param servers addresses of the brokers, one of which may be down
 * @param since the time in ms since 1970 from which gaps between records count, and the number from which their order counts
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
    // A change that was written again after a restart of the connector is in order: it was at its place before.
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
