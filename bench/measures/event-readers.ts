import { get } from "node:http";
import { containersOf } from "../machine/docker";
import type { Run } from "./measure";
import { total, usageOf } from "./instruments/resource-usage";
import { writeSteadily } from "./instruments/steady-writer";

const READERS = 20;
const RATE = 5000;
const SECONDS = 20;
/** Seconds of load before the first figure: V8 compiles the consumer's code meanwhile. */
const WARM_SECONDS = 10;

/** Measures what clients of the stream of changes cost the consumer: its CPU under one load, with none of them and with twenty. */
export async function measureEventReaders(run: Run): Promise<void> {
  run.say(`${RATE} changes/s, without clients on /events and with ${READERS}`);
  await loaded(run, WARM_SECONDS);
  const none = await loaded(run, SECONDS);
  const readers = await Promise.all(Array.from({ length: READERS }, () => EventReader.open(run.endpoints.feedUrl)));
  let some: number;
  try {
    some = await loaded(run, SECONDS);
  } finally {
    for (const reader of readers) reader.close();
  }
  const idle = readers.filter(({ bytes }) => bytes === 0).length;
  if (idle > 0) throw new Error(`${idle} of ${READERS} clients on /events got nothing`);
  run.record("events-none-cpu", none);
  run.record("events-20-cpu", some, { bytes: readers.map(({ bytes }) => bytes) });
  run.record("events-times", some / none);
}

/** @returns the consumer's CPU under the load, in % of one core */
async function loaded(run: Run, seconds: number): Promise<number> {
  const consumer = [...(await containersOf(run.contestant.label))].filter(([, name]) => name.includes("consumer"));
  if (consumer.length !== 1) throw new Error(`${run.contestant.name} runs ${consumer.length} consumers, not one`);
  const cpuSeconds = async (): Promise<number> => total((await usageOf(new Map(consumer))).cpuSeconds);
  const { total: before } = await run.feed.newest();
  const used = await cpuSeconds();
  const start = performance.now();
  const writerSeconds = await writeSteadily(run, { rate: RATE, seconds });
  await run.feed.untilTotal(before + RATE * seconds, { deadlineMs: 120_000 });
  const percent = (((await cpuSeconds()) - used) / (performance.now() - start)) * 100_000;
  if (writerSeconds > 1.05 * seconds) run.say(`Postgres took ${writerSeconds.toFixed(1)} s for ${seconds} s of rows`);
  return percent;
}

/** A client that reads the consumer's stream and drops what it reads. */
class EventReader {
  bytes = 0;

  private constructor(readonly close: () => void) {}

  static open(feedUrl: string): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      const request = get(`${feedUrl}/events`, { agent: false }, (response) => {
        if (response.statusCode !== 200) return reject(new Error(`/events answered ${response.statusCode}`));
        const reader = new EventReader(() => request.destroy());
        response.on("data", (chunk: Buffer) => (reader.bytes += chunk.length));
        // The answer reports an error when this side closes it.
        response.on("error", () => undefined);
        resolve(reader);
      });
      request.on("error", reject);
    });
  }
}
