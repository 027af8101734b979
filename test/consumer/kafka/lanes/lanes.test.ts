import { beforeEach, describe, expect, test } from "@jest/globals";
import type { FetchedBatch } from "../../../../consumer/kafka/lanes/lanes";
import {
  batch,
  begun,
  freshLanes,
  handled,
  failures,
  lanes,
  names,
  passedOver,
  paused,
  take,
  timers,
  turn,
} from "./lanes-rig";

beforeEach(freshLanes);

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

  test("a delivery that fails is reported, and ends the wait", async () => {
    const a = take(batch("a", 0));
    begun[0]!.fail(new Error("a bug"));
    await turn();
    expect(failures).toEqual([new Error("a bug")]);
    expect(a.waits).toBe(false);
  });
});

describe("a topic that is made again while the handler waits", () => {
  /** A batch of a topic that was made after all that was taken. */
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
