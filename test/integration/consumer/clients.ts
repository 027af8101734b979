import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { expect, test } from "@jest/globals";
import axios from "axios";
import type { ChangeJson, ChangesJson, GapJson } from "../../../consumer/api";
import { SseReader } from "../../consumer/sse";
import type { Rig } from "./rig";

const TABLES = [1, 2, 3, 4, 5].map((n) => `public.told_${n}`);
const EACH = 2_000;
const IN_A_COMMIT = 50;
const ALL = TABLES.length * EACH;
const HEALTH_EVERY_MS = 25;
/** The consumer answers within this time in 99 of 100 cases, while it shares two cores with the whole stack and with this and other tests. */
const HEALTH_MS = 100;
/** The longest time for an answer: a blocked consumer would take longer. */
const HEALTH_MOST_MS = 1_000;
/** How long the slow client reads nothing. */
const SLOW_MS = 5_000;

interface Client {
  query: Record<string, string>;
  matches: (change: ChangeJson) => boolean;
}

const CLIENTS: readonly Client[] = [
  ...Array.from({ length: 4 }, (): Client => ({ query: {}, matches: () => true })),
  ...TABLES.map((table): Client => ({ query: { table }, matches: (change) => change.table === table })),
  ...TABLES.map((table): Client => {
    const matches = (change: ChangeJson) => change.table === table && change.op === "update";
    return { query: { table, op: "update" }, matches };
  }),
  ...["odd", "even", "third"].map((word): Client => {
    return { query: { text: word }, matches: ({ after }) => String(after?.["word"]) === word };
  }),
  { query: { op: "delete" }, matches: () => false },
  { query: { text: "of no row" }, matches: () => false },
];

export function clients(rig: Rig): void {
  test("10,000 changes of 5 tables in handlers of any length: 20 clients, one of them slow, get what matches once and in order, and the consumer stays awake", async () => {
    const last = await newest(rig);
    const urls = CLIENTS.map(({ query }) => `${rig.outputs.feedUrl}/events?${new URLSearchParams(query)}`);
    const readers = await Promise.all(urls.map((url) => SseReader.open(url)));
    const slow = await SseReader.open(`${rig.outputs.feedUrl}/events`);
    await rig.followed(CLIENTS.length + 1);
    const health = watchHealth(rig);
    const memory = await rig.metric("process_resident_memory_bytes");

    const received = Promise.all(readers.map((reader, n) => read(reader, expectedOf(CLIENTS[n]!))));
    const slowly = sleep(SLOW_MS).then(() => read(slow, ALL));
    await write(rig);
    // `/metrics` is not asked before the clients have all changes: an answer takes the consumer milliseconds, and the test would measure those.
    const told = await received;
    const answered = await health.times();
    await Promise.all(TABLES.map((table) => rig.handled(table, EACH)));

    const { changes } = await get<ChangesJson>(rig, `/changes?after=${last}&limit=10000`);
    expect(changes).toHaveLength(ALL);
    const expected = CLIENTS.map(({ matches }) => changes.filter(matches).map(({ id }) => id));
    expect(told.map(({ ids }) => ids)).toEqual(expected);
    const behind = await slowly;
    expect(behind.ids.length + behind.missed).toBe(ALL);
    expect(behind.ids).toEqual([...new Set(behind.ids)].sort((a, b) => a - b));

    // Changes of a table come in the order of the commits.
    for (const table of TABLES) {
      const offsets = changes.filter((change) => change.table === table).map(({ offset }) => Number(offset));
      expect(offsets).toEqual(Array.from({ length: EACH }, (_, i) => i));
    }
    const share = (part: number): number => answered[Math.floor(answered.length * part)]!;
    const [median, late, most] = [share(0.5), share(0.99), answered.at(-1)!];
    process.stdout.write(
      `/healthz with ${readers.length} clients: ${answered.length} answers, median ${median.toFixed(1)} ms, 99 of 100 within ${late.toFixed(1)} ms, longest ${most.toFixed(1)} ms\n`,
    );
    expect(late).toBeLessThan(HEALTH_MS);
    expect(most).toBeLessThan(HEALTH_MOST_MS);
    // The ring of recent changes was full before. V8 lets garbage wait until the heap has doubled, so the process is asked until it has collected it.
    await rig.holds(1.25 * memory);
    for (const reader of [...readers, slow]) reader.close();
  }, 120_000);
}

/** Inserts and updates each row once, 50 rows in a commit, one table after the other. The handler takes some time for each change. */
async function write({ database }: Rig): Promise<void> {
  for (let at = 0; at < EACH / 2; at += IN_A_COMMIT) {
    for (const table of TABLES) {
      const rows = `generate_series(${at}, ${at + IN_A_COMMIT - 1}) id`;
      const word = "case when id % 3 = 0 then 'third' when id % 2 = 0 then 'even' else 'odd' end";
      await database.query(`insert into ${table} select id, 0, ${word}, 'within 8 ms' from ${rows}`);
      await database.query(`update ${table} set version = 1 where id in (select id from ${rows})`);
    }
  }
}

function expectedOf({ query: { table, op, text } }: Client): number {
  if (op === "delete" || text === "of no row") return 0;
  if (text !== undefined)
    return ({ third: 334, even: 333, odd: 333 } as Record<string, number>)[text]! * 2 * TABLES.length;
  return (ALL / (table === undefined ? 1 : TABLES.length)) * (op === undefined ? 1 : 0.5);
}

/** Ids of the changes that a client gets, once there are `count`, and how many the stream said it had missed. */
async function read(reader: SseReader, count: number): Promise<{ ids: number[]; missed: number }> {
  const ids: number[] = [];
  let missed = 0;
  while (ids.length + missed < count) {
    const { event, data } = await reader.nextAny();
    if (event === "changes") ids.push(...(data as ChangeJson[]).map(({ id }) => id));
    if (event === "gap") missed += (data as GapJson).missed ?? 0;
  }
  return { ids, missed };
}

async function newest(rig: Rig): Promise<number> {
  return (await get<ChangesJson>(rig, "/changes?limit=1")).newestId ?? 0;
}

async function get<T>(rig: Rig, path: string): Promise<T> {
  return (await axios.get<T>(rig.outputs.feedUrl + path, { proxy: false })).data;
}

/** Asks `/healthz` again and again. @returns a function that ends this and gives the time of each answer in milliseconds, ascending */
function watchHealth({ outputs }: Rig): { times(): Promise<number[]> } {
  const workerData = { url: `${outputs.feedUrl}/healthz`, everyMs: HEALTH_EVERY_MS };
  const watcher = new Worker(resolve("test/integration/consumer/health-watch.mjs"), { workerData });
  const told = once(watcher, "message") as Promise<[number[]]>;
  // `times` reports a failure.
  told.catch(() => undefined);
  return {
    async times() {
      watcher.postMessage("enough");
      const [times] = await told;
      return times.sort((a, b) => a - b);
    },
  };
}
