/** Concurrent deliveries of several partitions, and what clients of the feed get. */
import { expect, test } from "@jest/globals";
import type { ChangeJson, GapJson, Op } from "../../../consumer/api";
import { AtHand } from "../../../consumer/delivery/crash/at-hand";
import { Delivery } from "../../../consumer/delivery/delivery";
import { Duplicates } from "../../../consumer/delivery/crash/duplicates";
import { Failing } from "../../../consumer/delivery/failing";
import type { Handler } from "../../../consumer/delivery/handler";
import type { DeliveryObserver } from "../../../consumer/delivery/observer";
import { forgetful } from "../../../consumer/delivery/crash/offset-file";
import { Feed } from "../../../consumer/feed/feed";
import { EVERYTHING, type Filter } from "../../../consumer/change/filter";
import { Recent } from "../../../consumer/feed/recent";
import { Totals } from "../../../consumer/feed/totals";
import { createLog } from "../../../consumer/log";
import { FakeSink } from "../feed/fake-sink";
import { ALEX, envelope, record } from "../records";
import { VirtualTime } from "../virtual-time";
import { newestOf } from "../feed/ring";

const EPOCH = "e1";
const TABLES = ["a", "b", "c", "d", "e"];
const CHANGES_A_TABLE = 2000;
const CHANGES_A_BATCH = 100;

/** Random numbers, the same in each run. */
function random(): () => number {
  let seed = 42;
  return () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

function rig(handler: Handler, time: VirtualTime, write: (text: string) => void) {
  const recent = new Recent(20_000, 1 << 24);
  const totals = new Totals(EPOCH);
  const later = (ms: number, callback: () => void) => time.later(ms, callback);
  const feed = new Feed({ recent, totals, epoch: EPOCH, now: () => time.now, later });
  const observer: DeliveryObserver = {
    batch: () => undefined,
    batchDone: () => undefined,
    change: ({ op, table }, _observation, json) => recent.add({ op, table, json }),
    settled: () => feed.changed(),
    unprinted: () => undefined,
    retry: () => undefined,
    deadLetter: () => undefined,
  };
  const delivery = new Delivery({
    handler,
    deadLetters: { topic: "dead", send: () => Promise.resolve() },
    duplicates: new Duplicates({ store: forgetful, report: () => undefined }),
    observer,
    atHand: new AtHand(() => 0),
    failing: new Failing({ log: { warn: () => undefined }, attempts: 1, now: () => 0 }),
    log: createLog("json", write, () => 0),
    logFormat: "json",
    attempts: 1,
    backoffMs: 0,
    timeoutMs: null,
    nowMicros: () => time.now * 1000,
    wait: (ms) => time.wait(ms),
    later: () => () => undefined,
    soon: (callback) => void setImmediate(callback),
  });
  return { recent, feed, delivery };
}

const control = {
  resolve: () => undefined,
  waits: () => undefined,
  stopped: () => false,
  signal: new AbortController().signal,
};

async function deliverTable(delivery: Delivery, table: string): Promise<void> {
  const source = { schema: "public", table };
  const values = [envelope("c", null, ALEX, source), envelope("u", ALEX, ALEX, source)];
  for (let from = 0; from < CHANGES_A_TABLE; from += CHANGES_A_BATCH) {
    const messages = Array.from({ length: CHANGES_A_BATCH }, (_, i) =>
      record({ id: from + i }, values[i % 2]!, String(from + i)),
    );
    const batch = { topic: `p.public.${table}`, partition: 0, messages, highWatermark: String(CHANGES_A_TABLE) };
    await delivery.deliver(batch, control);
  }
}

const filterOf = (over: Partial<Filter>): Filter => ({ ...EVERYTHING, ...over });

test("10,000 changes of 5 tables in handlers of any length: each client gets what matches, once and in order", async () => {
  const time = new VirtualTime();
  const next = random();
  const printed: ChangeJson[] = [];
  // Some changes are done at once, some without a turn of the event loop, and most some time later.
  const handler: Handler = (change, context) => {
    context.print(change);
    const chance = next();
    if (chance < 0.2) return;
    return chance < 0.4 ? Promise.resolve() : time.wait(Math.ceil(next() * 50));
  };
  const { recent, feed, delivery } = rig(handler, time, (text) => {
    for (const line of text.trimEnd().split("\n")) printed.push(JSON.parse(line) as ChangeJson);
  });
  const filters: Filter[] = [
    ...TABLES.map((table) => filterOf({ tables: new Set([`public.${table}`]) })),
    ...TABLES.map((table) => filterOf({ tables: new Set([`public.${table}`]), ops: new Set<Op>(["update"]) })),
    filterOf({ ops: new Set<Op>(["create"]) }),
    filterOf({ text: "1999" }),
    filterOf({ tables: new Set(["public.nothing"]) }),
    filterOf({ text: "in no change at all" }),
    ...Array.from({ length: 5 }, () => EVERYTHING),
  ];
  const clients = filters.map((filter) => ({ filter, sink: new FakeSink() }));
  for (const { filter, sink } of clients) feed.join(sink, { filter, after: null });
  const slow = new FakeSink(2);
  feed.join(slow, { filter: EVERYTHING, after: null });
  expect(clients.length + 1).toBe(20);

  await time.passUntil(Promise.all(TABLES.map((table) => deliverTable(delivery, table))));
  feed.flush();

  const changes = newestOf(recent, 20_000).map(({ json }) => JSON.parse(json) as ChangeJson);
  expect(changes.map(({ id }) => id)).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1));
  for (const table of TABLES) {
    const offsets = changes.filter((change) => change.table === `public.${table}`).map(({ offset }) => Number(offset));
    expect(offsets).toEqual(Array.from({ length: CHANGES_A_TABLE }, (_, i) => i));
  }
  // The deliveries did run concurrently: the topics are mixed.
  expect(new Set(changes.slice(0, 100).map(({ table }) => table)).size).toBe(TABLES.length);
  expect(printed).toEqual(changes);

  for (const { filter, sink } of clients) {
    const wanted = changes.filter(
      (change) =>
        (filter.tables.size === 0 || filter.tables.has(change.table)) &&
        (filter.ops.size === 0 || filter.ops.has(change.op)) &&
        JSON.stringify([change.key, change.after]).includes(filter.text),
    );
    expect(sink.ids()).toEqual(wanted.map(({ id }) => id));
    expect(sink.of<GapJson>("gap")).toEqual([]);
  }
  slow.drain(Infinity);
  expect(slow.ids()).toEqual([...slow.ids()].sort((a, b) => a - b));
  const missed = slow.of<GapJson>("gap").reduce((sum, gap) => sum + gap.missed!, 0);
  expect(missed).toBeGreaterThan(0);
  expect(new Set(slow.ids()).size + missed).toBe(10_000);
});

test("a client that goes on after an id gets what was begun before that change and handled later", async () => {
  const time = new VirtualTime();
  const handler: Handler = (change) => time.wait(change.table === "public.a" ? 7 : 3);
  const { recent, feed, delivery } = rig(handler, time, () => undefined);
  const working = Promise.all(["a", "b"].map((table) => deliverTable(delivery, table)));
  await time.passUntil(time.wait(100));
  const held = newestOf(recent, 1000);
  const sink = new FakeSink();
  feed.join(sink, { filter: EVERYTHING, after: { epoch: EPOCH, id: recent.newestId! } });
  await time.passUntil(working);
  feed.flush();
  expect([...held.map(({ id }) => id), ...sink.ids()]).toEqual(Array.from({ length: 4000 }, (_, i) => i + 1));
});

test("one whose filter matches nothing lets others in after 10 ms", async () => {
  const time = new VirtualTime();
  const { recent, feed } = rig(
    () => undefined,
    time,
    () => undefined,
  );
  for (let id = 1; id <= 20_000; id++) recent.add({ op: "create", table: "t", json: "{}" });
  const looked: string[] = [];
  const has = (table: string) => {
    time.now += 0.001;
    return !looked.push(table);
  };
  const filter = filterOf({ tables: Object.assign(new Set(["other"]), { has }) });
  feed.join(new FakeSink(), { filter, after: { epoch: EPOCH, id: 0 } });
  expect(Math.abs(looked.length - 10_000)).toBeLessThan(2);
  await time.passUntil(time.wait(1));
  expect(looked).toHaveLength(20_000);
});
