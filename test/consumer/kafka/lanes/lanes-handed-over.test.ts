/** Checks what happens to batches under way when partitions are reassigned, the process stops, or offsets without records come. */
import { beforeEach, describe, expect, test } from "@jest/globals";
import { batch, begun, freshLanes, handled, lanes, names, passedOver, paused, take, turn } from "./lanes-rig";

beforeEach(freshLanes);

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

  test("a partition that is reassigned: its handler gets the signal, the rest is left, and nothing of it is committed", async () => {
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

test("a stop signals the handlers, waits for the changes under way, commits them and begins no others", async () => {
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

  test("a batch without records is done at once, unless a batch is under way", async () => {
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

  test("records that came again are skipped with the end of their transaction", async () => {
    take({ ...batch("a", 0, 4), lastOffset: "5" });
    begun[0]!.end();
    await turn();
    take({ ...batch("a", 0, 4), lastOffset: "5" });
    await turn();
    expect([handled, passedOver]).toEqual([["a/0:5", "a/0:5"], ["a/0:0-4"]]);
  });
});
