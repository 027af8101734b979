import { beforeEach, describe, expect, test } from "@jest/globals";
import type { ChangeJson, GapJson, TotalsJson } from "../../../consumer/api";
import { Feed, type Join } from "../../../consumer/feed/feed";
import { EVERYTHING } from "../../../consumer/change/filter";
import { Recent } from "../../../consumer/feed/recent";
import { Totals } from "../../../consumer/feed/totals";
import { FakeSink } from "./fake-sink";

const EPOCH = "e1";
const FROM_NOW: Join = { filter: EVERYTHING, after: null };

let recent: Recent;
let totals: Totals;
let feed: Feed;
let time: number;
let planned: { at: number; callback: () => void }[];

beforeEach(() => {
  time = 1000;
  planned = [];
  recent = new Recent(3000, 1 << 24);
  totals = new Totals(EPOCH);
  feed = new Feed({
    recent,
    totals,
    epoch: EPOCH,
    now: () => time,
    later: (ms, callback) => void planned.push({ at: time + ms, callback }),
  });
});

function add(from: number, to = from): void {
  for (let id = from; id <= to; id++) {
    recent.add({ op: "create", table: "t", json: `{"id":${id}}` });
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test("what is planned is sent at once when the process is to end, and the answers end", async () => {
  const sink = new FakeSink();
  feed.join(sink, FROM_NOW);
  add(1);
  feed.changed();
  add(2);
  feed.changed();
  expect(sink.ids()).toEqual([1]);
  const full = new FakeSink(1);
  feed.join(full, FROM_NOW);
  await feed.end();
  expect(sink.ids()).toEqual([1, 2]);
  expect([sink.ended, full.ended]).toEqual([true, false]);
});

describe("pace", () => {
  test("a change in a quiet stream leaves at once; in a busy one those of 50 ms leave together", () => {
    const sink = new FakeSink();
    feed.join(sink, FROM_NOW);
    add(1);
    feed.changed();
    expect(sink.ids()).toEqual([1]);
    time += 10;
    add(2);
    feed.changed();
    add(3);
    feed.changed();
    expect(sink.ids()).toEqual([1]);
    expect(planned.map(({ at }) => at)).toEqual([1050]);
    time = 1050;
    planned.pop()!.callback();
    expect(sink.of<ChangeJson[]>("changes").map((changes) => changes.length)).toEqual([1, 2]);
  });

  test("nothing is planned without a client", () => {
    add(1);
    feed.changed();
    expect(planned).toEqual([]);
  });
});

describe("20 clients of wide rows", () => {
  const COST_MS = 4;
  let sinks: FakeSink[];

  beforeEach(() => {
    sinks = Array.from({ length: 20 }, () => new FakeSink());
    for (const sink of sinks) {
      feed.join(sink, FROM_NOW);
      const write = sink.write.bind(sink);
      sink.write = (text) => {
        time += COST_MS;
        return write(text);
      };
    }
    time += 100;
  });

  test("hold the event loop for 10 ms at a time, and each gets all, though more comes meanwhile than a slow one is sent", () => {
    let longest = 0;
    const turn = (work: () => void) => {
      const began = time;
      work();
      longest = Math.max(longest, time - began);
    };
    add(1, 900);
    turn(() => feed.changed());
    for (let last = 900; planned.length > 0; last = Math.min(last + 900, 2700)) {
      if (last < 2700) add(last + 1, last + 900);
      turn(() => feed.changed());
      turn(planned.shift()!.callback);
    }
    expect(longest).toBeLessThan(10 + COST_MS);
    for (const sink of sinks) {
      expect(sink.of("gap")).toEqual([]);
      expect(sink.ids()).toEqual(range(1, 2700));
    }
  });

  test("take turns: one that is far behind does not hold up another", () => {
    add(1, 2500);
    const late = new FakeSink();
    late.write = (text) => {
      time += 20;
      return Boolean(late.sent.push(text.toString()));
    };
    feed.join(late, { filter: EVERYTHING, after: { epoch: EPOCH, id: 0 } });
    feed.changed();
    while (sinks.some((sink) => sink.ids().length === 0)) planned.shift()!.callback();
    expect(late.of("changes")).toHaveLength(2);
  });

  test("get all at once when the process is to end", () => {
    add(1, 900);
    feed.flush();
    for (const sink of sinks) expect(sink.ids()).toEqual(range(1, 900));
  });

  test("that have left are served no more", () => {
    const sink = new FakeSink();
    const leave = feed.join(sink, FROM_NOW);
    add(1, 900);
    feed.changed();
    leave();
    while (planned.length > 0) planned.shift()!.callback();
    expect(sink.ids()).toEqual([]);
  });
});

describe("a client that reads too slowly", () => {
  test("gets what fits, then the newest, and the number of changes that were left out", () => {
    const sink = new FakeSink(3);
    feed.join(sink, FROM_NOW);
    add(1, 10);
    feed.changed();
    expect(sink.ids()).toEqual(range(1, 10));
    add(11, 2500);
    time += 100;
    feed.changed();
    expect(sink.ids()).toHaveLength(10);
    sink.drain(10);
    expect(sink.of<GapJson>("gap")).toEqual([{ reason: "slow", missed: 1490 }]);
    expect(sink.ids()).toEqual([...range(1, 10), ...range(1501, 2500)]);
    feed.sendTotalsToAll();
    expect(sink.of<TotalsJson>("totals").pop()!.sampled).toBe(1490);
  });

  test("costs others nothing", () => {
    const slow = new FakeSink(2);
    const quick = new FakeSink();
    feed.join(slow, FROM_NOW);
    feed.join(quick, FROM_NOW);
    for (let id = 1; id <= 5000; id += 500) {
      add(id, id + 499);
      time += 50;
      feed.changed();
    }
    expect(quick.ids()).toEqual(range(1, 5000));
    expect(slow.ids()).toEqual([]);
  });

  test("is not sent totals on top, and gets newer ones later", () => {
    const sink = new FakeSink(2);
    feed.join(sink, FROM_NOW);
    feed.sendTotalsToAll();
    feed.keepAlive();
    expect(sink.sent).toHaveLength(2);
  });
});

describe("catching up", () => {
  test("all that is held comes, in parts, as fast as the client reads", () => {
    add(1, 2500);
    const sink = new FakeSink(3);
    feed.join(sink, { filter: EVERYTHING, after: { epoch: EPOCH, id: 0 } });
    expect(sink.ids()).toEqual(range(1, 1000));
    sink.drain(1);
    sink.drain(5);
    expect(sink.ids()).toEqual(range(1, 2500));
    expect(sink.of("gap")).toEqual([]);
  });

  test("changes that the ring drops meanwhile are reported as a gap", () => {
    add(1, 2500);
    const sink = new FakeSink(3);
    feed.join(sink, { filter: EVERYTHING, after: { epoch: EPOCH, id: 0 } });
    add(2501, 4500);
    sink.drain(Infinity);
    expect(sink.of<GapJson>("gap")[0]).toEqual({ reason: "slow", missed: 500 });
    const missed = sink.of<GapJson>("gap").reduce((sum, gap) => sum + gap.missed!, 0);
    expect(sink.ids().length + missed).toBe(4500);
    expect(sink.ids().slice(-1)).toEqual([4500]);
  });

  test("huge rows are sent in parts", () => {
    for (let id = 1; id <= 5; id++)
      recent.add({ op: "create", table: "t", json: `{"id":${id},"t":"${"x".repeat(600_000)}"}` });
    const sink = new FakeSink();
    feed.join(sink, { filter: EVERYTHING, after: { epoch: EPOCH, id: 0 } });
    expect(sink.of<ChangeJson[]>("changes").map((changes) => changes.length)).toEqual([2, 2, 1]);
  });
});

test.each([
  ["was full meanwhile", 4],
  ["is fast, in one round", Infinity],
])("wide changes leave the ring before there are many: a client that %s is told how many it misses", (_, room) => {
  const wide = (id: number) =>
    recent.add({ op: "create", table: "t", json: `{"id":${id},"text":"${"x".repeat(1e5)}"}` });
  const sink = new FakeSink(room);
  feed.join(sink, FROM_NOW);
  add(1);
  feed.changed();
  for (const id of range(2, 901)) wide(id);
  feed.flush();
  sink.drain(Infinity);
  const [first, next] = sink.ids();
  expect(first).toBe(1);
  expect(next).toBe(recent.oldestId);
  expect(sink.ids().at(-1)).toBe(901);
  expect(sink.of<GapJson>("gap")).toEqual([{ reason: "slow", missed: next! - 2 }]);
  feed.sendTotalsToAll();
  expect(sink.of<TotalsJson>("totals").at(-1)!.sampled).toBe(next! - 2);
});
