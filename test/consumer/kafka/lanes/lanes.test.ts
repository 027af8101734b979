import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Batch, BatchControl } from "../../../../consumer/delivery/batch";
import { type FetchedBatch, Lanes } from "../../../../consumer/kafka/lanes/lanes";

/** A delivery under way. */
interface Delivery {
  name: string;
  control: BatchControl;
  /** All of its records are done. */
  end(): void;
  fail(error: Error): void;
}

let begun: Delivery[];
let handled: string[];
let passedOver: string[];
let failures: unknown[];
let paused: Set<string>;
let timers: (() => void)[];
let lanes: Lanes;

beforeEach(() => {
  begun = [];
  handled = [];
  passedOver = [];
  failures = [];
  paused = new Set();
  timers = [];
  lanes = new Lanes({
    deliver,
    handled: (topic, partition, offset) => handled.push(`${topic}/${partition}:${offset}`),
    passedOver: (topic, partition, from, to) => passedOver.push(`${topic}/${partition}:${from}-${to}`),
    failed: (error) => failures.push(error),
    later: (_ms, callback) => {
      timers.push(callback);
      return () => (timers = timers.filter((timer) => timer !== callback));
    },
  });
});

function deliver({ topic, partition, messages }: Batch, control: BatchControl): Promise<void> {
  return new Promise((resolve, reject) => {
    const [first, last] = [messages[0]!.offset, messages[messages.length - 1]!.offset];
    const end = () => {
      control.resolve(last);
      resolve();
    };
    begun.push({ name: `${topic}/${partition}:${first}-${last}`, control, end, fail: reject });
  });
}

function batch(topic: string, from: number, to = from, bytes = 10): FetchedBatch {
  const messages = Array.from({ length: to - from + 1 }, (_, i) => ({
    key: null,
    value: Buffer.alloc(bytes),
    offset: String(from + i),
    timestamp: String((from + i) * 1000),
  }));
  return { topic, partition: 0, messages, highWatermark: String(to + 1) };
}

/** Hands it over; `waits` is whether the stream still waits for it. */
function take(fetched: FetchedBatch): { waits: boolean } {
  const state = { waits: true };
  const pause = () => {
    paused.add(fetched.topic);
    return () => void paused.delete(fetched.topic);
  };
  void lanes.take(fetched, pause).then(() => (state.waits = false));
  return state;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const names = () => begun.map(({ name }) => name);

describe("what the stream waits for", () => {
  test("a batch that is computed on, until it is done", async () => {
    const a = take(batch("a", 0, 4));
    await turn();
    expect(a.waits).toBe(true);
    begun[0]!.end();
    await turn();
    expect(a.waits).toBe(false);
    expect(handled).toEqual(["a/0:4"]);
    expect(timers).toEqual([]);
  });

  test("not one whose handler waits, nor one that is computed on for long", async () => {
    const a = take(batch("a", 0));
    const b = take(batch("b", 0));
    begun[0]!.control.waits();
    await turn();
    expect([a.waits, b.waits]).toEqual([false, true]);
    timers.forEach((timer) => timer());
    await turn();
    expect(b.waits).toBe(false);
    expect(handled).toEqual([]);
  });

  test("a delivery that fails is told, and ends the wait", async () => {
    const a = take(batch("a", 0));
    begun[0]!.fail(new Error("a bug"));
    await turn();
    expect(failures).toEqual([new Error("a bug")]);
    expect(a.waits).toBe(false);
  });
});

describe("a topic that is made again while the handler waits", () => {
  /** Of a topic that is younger than all that was taken. */
  const anew = (to: number): FetchedBatch => {
    const { messages, ...rest } = batch("a", 0, to);
    return { ...rest, messages: messages.map((each) => ({ ...each, timestamp: String(1e9 + Number(each.offset)) })) };
  };

  test("what was taken of the old one is handled first, and not committed on the new one", async () => {
    take(batch("a", 0, 4));
    begun[0]!.control.waits();
    take(batch("a", 5, 6));
    take(anew(20));
    await turn();
    begun[0]!.end();
    await turn();
    begun[1]!.end();
    await turn();
    expect(handled).toEqual([]);
    begun[2]!.end();
    await turn();
    expect(names()).toEqual(["a/0:0-4", "a/0:5-6", "a/0:0-20"]);
    expect(handled).toEqual(["a/0:20"]);
    expect(passedOver).toEqual([]);
  });

  test("a stop leaves the rest of both", async () => {
    take(batch("a", 0, 4));
    begun[0]!.control.waits();
    take(batch("a", 5, 6));
    take(anew(20));
    await turn();
    const stopped = lanes.stop();
    expect(begun[0]!.control.stopped()).toBe(true);
    begun[0]!.end();
    await stopped;
    expect(names()).toEqual(["a/0:0-4"]);
    expect(handled).toEqual([]);
  });
});

describe("a partition whose handler waits", () => {
  test("goes on with what was fetched meanwhile, in order, while others come and go", async () => {
    take(batch("a", 0, 1));
    begun[0]!.control.waits();
    const more = [take(batch("a", 2, 3)), take(batch("a", 4))];
    take(batch("b", 0));
    begun[1]!.end();
    await turn();
    expect(more).toEqual([{ waits: false }, { waits: false }]);
    expect(names()).toEqual(["a/0:0-1", "b/0:0-0"]);
    begun[0]!.end();
    await turn();
    begun[2]!.end();
    await turn();
    begun[3]!.end();
    await turn();
    expect(names()).toEqual(["a/0:0-1", "b/0:0-0", "a/0:2-3", "a/0:4-4"]);
    expect(handled).toEqual(["b/0:0", "a/0:1", "a/0:3", "a/0:4"]);
    expect(lanes.busy).toEqual([]);
  });

  test("is not fetched any further while half a megabyte waits in it", async () => {
    const large = 300 << 10;
    take(batch("a", 0, 0, large));
    begun[0]!.control.waits();
    take(batch("a", 1, 1, large));
    expect([paused.size, lanes.holding]).toEqual([0, false]);
    take(batch("a", 2, 2, large));
    expect([[...paused], lanes.holding]).toEqual([["a"], true]);
    begun[0]!.end();
    await turn();
    expect([paused.size, lanes.holding]).toEqual([0, false]);
  });
});

test("no partition at hand is fetched any further while 64 MB wait in all, and each is again when it is done", async () => {
  const names = Array.from({ length: 160 }, (_, i) => `t${i}`);
  for (const name of names) {
    if (paused.has(name)) continue;
    take(batch(name, 0, 0, 400 << 10));
    begun[begun.length - 1]!.control.waits();
    take(batch(name, 1, 1, 200 << 10));
  }
  const full = Math.ceil((64 << 20) / (600 << 10));
  expect([paused.size, [...paused][0]]).toEqual([160 - full + 1, `t${full - 1}`]);
  begun.forEach(({ end }) => end());
  await turn();
  begun.slice(160).forEach(({ end }) => end());
  await turn();
  expect([paused.size, lanes.busy]).toEqual([0, []]);
});

describe("a rebalance", () => {
  const ours = (...topics: string[]) => lanes.assigned((topic) => topics.includes(topic));

  test("a change at hand stays where its partition stays, and what kafkajs fetches again is not handled again", async () => {
    take(batch("a", 0, 4));
    begun[0]!.control.waits();
    ours("a");
    take(batch("a", 0, 6));
    expect(begun[0]!.control.stopped()).toBe(false);
    begun[0]!.end();
    await turn();
    expect(names()).toEqual(["a/0:0-4", "a/0:5-6"]);
    expect(passedOver).toEqual(["a/0:0-4"]);
    expect(handled).toEqual(["a/0:4"]);
  });

  test("what comes again of an idle partition is handled, so it is committed", async () => {
    take(batch("a", 0, 4));
    begun[0]!.end();
    await turn();
    ours("a");
    const again = take(batch("a", 2, 3));
    await turn();
    expect([again.waits, names()]).toEqual([false, ["a/0:0-4"]]);
    expect(handled).toEqual(["a/0:4", "a/0:4"]);
  });

  test("a partition that went away: its handler is told, the rest is left, and nothing of it is committed", async () => {
    const large = 600 << 10;
    take(batch("a", 0, 4));
    begun[0]!.control.waits();
    take(batch("a", 5, 5, large));
    const { signal } = begun[0]!.control;
    ours("b");
    expect([signal.aborted, begun[0]!.control.stopped(), paused.size]).toEqual([true, true, 0]);
    expect((signal.reason as Error).message).toBe("the partition went to another member of the group");
    expect(lanes.busy).toEqual([]);
    begun[0]!.end();
    await turn();
    expect([handled, names()]).toEqual([[], ["a/0:0-4"]]);
  });

  test("a partition that comes back waits for the change that was at hand when it went", async () => {
    take(batch("a", 0, 4));
    begun[0]!.control.waits();
    ours("b");
    ours("a", "b");
    const back = take(batch("a", 3, 4));
    await turn();
    expect([back.waits, names()]).toEqual([false, ["a/0:0-4"]]);
    begun[0]!.end();
    await turn();
    expect(names()).toEqual(["a/0:0-4", "a/0:3-4"]);
    begun[1]!.end();
    await turn();
    expect(handled).toEqual(["a/0:4"]);
  });
});

test("a stop tells the handlers, waits for the changes at hand, commits them and begins no others", async () => {
  take(batch("a", 0));
  begun[0]!.control.waits();
  take(batch("a", 1));
  let stopped = false;
  void lanes.stop().then(() => (stopped = true));
  take(batch("b", 0));
  await turn();
  expect([stopped, begun[0]!.control.stopped(), begun[0]!.control.signal.aborted]).toEqual([false, true, true]);
  begun[0]!.end();
  await turn();
  expect([stopped, names(), handled]).toEqual([true, ["a/0:0-0"], ["a/0:0"]]);
});

describe("offsets that are no records'", () => {
  test("the end of a transaction behind the last record is done with as that is", async () => {
    take({ ...batch("a", 0, 4), lastOffset: "5" });
    begun[0]!.control.resolve("2");
    begun[0]!.end();
    await turn();
    expect(handled).toEqual(["a/0:2", "a/0:5"]);
  });

  test("what comes by itself is done with at once, unless something is at hand", async () => {
    expect(lanes.skip("a", 0, "7")).toBe(true);
    take(batch("a", 8, 9));
    expect(lanes.skip("a", 0, "11")).toBe(false);
    expect(handled).toEqual(["a/0:7"]);
    begun[0]!.end();
    await turn();
    expect(handled).toEqual(["a/0:7", "a/0:11"]);
  });

  test("… and behind batches that wait, when the last of them is done", async () => {
    take(batch("a", 0));
    begun[0]!.control.waits();
    take(batch("a", 1));
    lanes.skip("a", 0, "5");
    begun[0]!.end();
    await turn();
    expect(handled).toEqual(["a/0:0"]);
    begun[1]!.end();
    await turn();
    expect(handled).toEqual(["a/0:0", "a/0:5"]);
  });

  test("… and after the last record was done with, while its delivery has not ended", async () => {
    take(batch("a", 0, 4));
    begun[0]!.control.resolve("4");
    lanes.skip("a", 0, "6");
    expect(handled).toEqual(["a/0:4", "a/0:6"]);
    begun[0]!.end();
    await turn();
    expect(handled.at(-1)).toBe("a/0:6");
  });

  test("records that came again are passed over with the end of their transaction", async () => {
    take({ ...batch("a", 0, 4), lastOffset: "5" });
    begun[0]!.end();
    await turn();
    take({ ...batch("a", 0, 4), lastOffset: "5" });
    await turn();
    expect([handled, passedOver]).toEqual([["a/0:5", "a/0:5"], ["a/0:0-4"]]);
  });
});
