import { expect, test } from "@jest/globals";
import type { ChangeJson, Op } from "../../../../consumer/api";
import { EVERYTHING } from "../../../../consumer/change/filter";
import { FeedModel, type Fetch } from "../../../../consumer/page/changes/model";
import { RecentChanges } from "../../../../consumer/page/changes/recent-items";

function change(id: number, op: Op = "create", table = "public.customers"): ChangeJson {
  return {
    ...{ id, op, table, key: { id }, before: null, after: { id }, changed: [], lagMs: 1, committedAt: null },
    ...{ eventId: null, position: null, topic: "t", partition: 0, offset: String(id) },
  };
}

function range(from: number, to: number, op?: Op): ChangeJson[] {
  return Array.from({ length: to - from + 1 }, (_, i) => change(from + i, op));
}

const nothing: Fetch = async () => [];

/** Ids of the rows, oldest first; "+n" for rows left out, "n×" for a folded snapshot. */
function lines(model: FeedModel): (number | string)[] {
  return model.timeline.entries.map((entry) => {
    if (entry.kind === "change") return entry.item.change.id;
    if (entry.kind === "skipped") return `+${entry.count}`;
    return entry.kind === "snapshot" ? `${entry.count}×` : entry.text;
  });
}

test("what came is shown at the next frame, once", () => {
  const model = new FeedModel(nothing);
  model.receive(1, range(1, 2), 10);
  model.receive(1, range(2, 3), 10);
  expect(model.flush(0)).toBe(true);
  expect(model.flush(16)).toBe(false);
  expect(lines(model)).toEqual([1, 2, 3]);
});

test("a flood is thinned to the newest rows of each step, and none is left uncounted", () => {
  const model = new FeedModel(nothing);
  let id = 0;
  for (let now = 0; now < 10_000; now += 16) {
    model.receive(1, range(id + 1, id + 80), 10);
    id += 80;
    model.flush(now);
  }
  expect(model.isSampling(10_000)).toBe(true);
  model.flush(20_000);
  const all = lines(model);
  const skipped = all.filter((line) => typeof line === "string").reduce((sum, line) => sum + Number(line), 0);
  const rows = all.filter((line) => typeof line === "number");
  expect(rows.length + skipped).toBe(id);
  expect(rows.length).toBeLessThan(1_500);
  expect(rows.at(-1)).toBe(id);
});

test("snapshot rows are folded and never sampled", () => {
  const model = new FeedModel(nothing);
  for (let n = 0; n < 100; n++) {
    model.receive(1, range(n * 100 + 1, n * 100 + 100, "snapshot"), 10);
    model.flush(n);
  }
  expect(lines(model)).toEqual(["10000×"]);
  expect(model.isSampling(100)).toBe(false);
});

test("snapshots of two tables that come interleaved make two lines", () => {
  const model = new FeedModel(nothing);
  for (let id = 1; id <= 10; id++) model.receive(1, [change(id, "snapshot", id % 2 ? "a" : "b")], 1);
  model.flush(0);
  expect(lines(model)).toEqual(["5×", "5×"]);
});

test("paused by two reasons, it goes on when both are gone", async () => {
  const model = new FeedModel(nothing);
  model.hold("paused");
  model.hold("scrolled");
  model.receive(1, range(1, 500), 10);
  await model.release("scrolled");
  expect(model.flush(0)).toBe(false);
  expect(model.held).toBe(500);
  await model.release("paused");
  expect(lines(model)).toHaveLength(500);
  expect(model.held).toBe(0);
});

test("a pause shows first what was waiting when it began", () => {
  const model = new FeedModel(nothing);
  model.receive(1, range(1, 3), 10);
  model.hold("paused");
  expect(lines(model)).toEqual([1, 2, 3]);
});

test("what the page has forgotten in a pause is fetched, after what was shown last", async () => {
  const asked: unknown[] = [];
  const fetch: Fetch = async (_, after) => {
    asked.push(after);
    return range(3, 40).map((item) => ({ life: 1, change: item }));
  };
  const model = new FeedModel(fetch, new RecentChanges(10));
  model.receive(1, range(1, 2), 10);
  model.flush(0);
  model.hold("paused");
  model.receive(1, range(3, 40), 10);
  const resumed = model.release("paused");
  // It comes while the model waits for the answer, and must not overtake it.
  model.receive(1, [change(41)], 1);
  expect(model.flush(1)).toBe(false);
  await resumed;
  expect(asked).toEqual([{ life: 1, id: 2 }]);
  expect(lines(model)).toEqual(range(1, 41).map(({ id }) => id));
});

test("what the consumer left out for a slow page is fetched when a pause ends", async () => {
  const fetch: Fetch = async () => range(2, 30).map((item) => ({ life: 1, change: item }));
  const model = new FeedModel(fetch);
  model.receive(1, [change(1)], 1);
  model.flush(0);
  model.hold("paused");
  model.gap({ reason: "slow", missed: 19 });
  model.receive(1, range(21, 30), 10);
  expect(model.held).toBe(29);
  await model.release("paused");
  expect(lines(model)).toEqual(range(1, 30).map(({ id }) => id));
});

test("a restarted consumer's ids begin again and are new", () => {
  const model = new FeedModel(nothing);
  model.receive(1, range(1, 3), 10);
  model.flush(0);
  model.gap({ reason: "restarted", missed: null });
  model.receive(2, range(1, 2), 10);
  model.flush(16);
  expect(lines(model)).toEqual([1, 2, 3, "The consumer restarted", 1, 2]);
});

test("a filter is answered from memory at once and then completed by the consumer", async () => {
  const fetch: Fetch = async () => [{ life: 1, change: change(1, "delete") }];
  const model = new FeedModel(fetch);
  model.receive(1, [change(2, "delete"), change(3)], 2);
  model.flush(0);
  const filtered = model.setFilter({ ...EVERYTHING, ops: new Set<Op>(["delete"]) });
  expect(lines(model)).toEqual([2]);
  await filtered;
  expect(lines(model)).toEqual([1, 2]);
  model.receive(1, [change(4), change(5, "delete")], 2);
  model.flush(16);
  expect(lines(model)).toEqual([1, 2, 5]);
});

test("a filter that was replaced while it was answered does not come back", async () => {
  let answer: (items: []) => void = () => {};
  const fetch: Fetch = (filter) =>
    filter.ops.has("delete") ? new Promise<[]>((resolve) => (answer = resolve)) : Promise.resolve([]);
  const model = new FeedModel(fetch);
  model.receive(1, [change(1, "delete"), change(2)], 2);
  const slow = model.setFilter({ ...EVERYTHING, ops: new Set<Op>(["delete"]) });
  await model.setFilter({ ...EVERYTHING, ops: new Set<Op>(["create"]) });
  answer([]);
  await slow;
  expect(lines(model)).toEqual([2]);
});

test("a filter changed in a pause keeps to what was there when the pause began", async () => {
  const model = new FeedModel(nothing);
  model.receive(1, range(1, 2), 2);
  model.flush(0);
  model.hold("paused");
  model.receive(1, [change(3, "delete"), change(4)], 2);
  await model.setFilter({ ...EVERYTHING, ops: new Set<Op>(["delete"]) });
  expect([lines(model), model.held]).toEqual([[], 1]);
  await model.release("paused");
  expect(lines(model)).toEqual([3]);
});

test("memory is bounded by number and by size", () => {
  const recent = new RecentChanges(100, 1_000);
  recent.add(1, range(1, 150), 150);
  expect(recent.since({ life: 0, id: 0 })).toHaveLength(100);
  expect(recent.completeAfter).toEqual({ life: 1, id: 50 });
  recent.add(1, range(151, 152), 1_200);
  expect(recent.since({ life: 0, id: 0 }).map(({ change: { id } }) => id)).toEqual([152]);
});
