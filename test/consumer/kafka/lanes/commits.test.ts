import { beforeEach, describe, expect, test } from "@jest/globals";
import { Commits, type TopicPartitionOffset } from "../../../../consumer/kafka/lanes/commits";

let sent: TopicPartitionOffset[][];
let timers: (() => void)[];
let delays: number[];
let time: number;
let answers: Promise<void>[];
let commits: Commits;
let ready: boolean;
let failures: [unknown, boolean][];

beforeEach(() => {
  sent = [];
  timers = [];
  delays = [];
  time = 1000;
  answers = [];
  ready = true;
  failures = [];
  commits = new Commits({
    ready: () => ready,
    failed: (error, isFirst) => failures.push([error, isFirst]),
    commit: (offsets) => {
      sent.push(offsets);
      return answers.shift() ?? Promise.resolve();
    },
    intervalMs: 200,
    now: () => time,
    later: (ms, callback) => {
      delays.push(ms);
      timers.push(callback);
      return () => (timers = timers.filter((timer) => timer !== callback));
    },
  });
});

const offsets = () => sent.map((all) => all.map(({ topic, offset }) => `${topic}:${offset}`));

describe("commits", () => {
  test("many batches within the interval are one commit of the newest offsets, one behind the last handled", async () => {
    commits.handled("a", 0, "1");
    commits.handled("a", 0, "41");
    commits.handled("b", 0, "9007199254740993");
    expect(timers).toHaveLength(1);
    await commits.flush();
    expect(offsets()).toEqual([["a:42", "b:9007199254740994"]]);
    expect(timers).toEqual([]);
  });

  test("the first after a quiet time goes out at once, the next when the interval is over", async () => {
    commits.handled("a", 0, "1");
    await commits.flush();
    time += 50;
    commits.handled("a", 0, "2");
    await commits.flush();
    time += 500;
    commits.handled("a", 0, "3");
    expect(delays).toEqual([0, 150, 0]);
  });

  test("nothing new is no commit", async () => {
    await commits.flush();
    commits.handled("a", 0, "1");
    await commits.flush();
    await commits.flush();
    expect(sent).toHaveLength(1);
  });

  test("one that fails is tried again at the next interval, with what is newest then", async () => {
    answers = [Promise.reject(new Error("rebalancing"))];
    commits.handled("a", 0, "1");
    await commits.flush();
    expect(timers).toHaveLength(1);
    commits.handled("a", 0, "5");
    await commits.flush();
    expect(offsets()).toEqual([["a:2"], ["a:6"]]);
  });

  test("each failed commit is reported, with whether it is the first in a row", async () => {
    const refused = new Error("refused");
    answers = [Promise.reject(refused), Promise.reject(refused), Promise.resolve(), Promise.reject(refused)];
    commits.handled("a", 0, "1");
    for (let i = 0; i < 3; i++) await commits.flush();
    commits.handled("a", 0, "2");
    await commits.flush();
    expect(failures).toEqual([
      [refused, true],
      [refused, false],
      [refused, true],
    ]);
  });

  test("what is handled while this is no member of the group is committed when it is one again", async () => {
    ready = false;
    commits.handled("a", 0, "1");
    await commits.flush();
    expect(offsets()).toEqual([]);
    expect(delays).toEqual([0, 200]);
    ready = true;
    await commits.flush();
    expect(offsets()).toEqual([["a:2"]]);
    expect(failures).toEqual([]);
  });

  test("a stop amid a rebalance waits until the group is joined again, and commits", async () => {
    ready = false;
    commits.handled("a", 0, "1");
    const wait = async (ms: number) => {
      time += ms;
      ready = time >= 3000;
    };
    await commits.finish(4000, wait, () => true);
    expect(offsets()).toEqual([["a:2"]]);
    expect(time).toBe(3000);
  });

  test("a stop waits for no group that this process is no member of, and not for ever", async () => {
    ready = false;
    commits.handled("a", 0, "1");
    const wait = async (ms: number) => void (time += ms);
    await commits.finish(4000, wait, () => false);
    expect(time).toBe(1000);
    await commits.finish(4000, wait, () => true);
    expect(time).toBe(5000);
    expect(offsets()).toEqual([]);
  });

  test("what is handled while a commit is under way is committed next, never before it", async () => {
    let answer = () => undefined as void;
    answers = [new Promise((resolve) => (answer = resolve))];
    commits.handled("a", 0, "1");
    const first = commits.flush();
    await Promise.resolve();
    commits.handled("a", 0, "2");
    const second = commits.flush();
    expect(offsets()).toEqual([["a:2"]]);
    answer();
    await Promise.all([first, second]);
    expect(offsets()).toEqual([["a:2"], ["a:3"]]);
  });

  test("what belongs to another member now is not committed", async () => {
    commits.handled("a", 0, "1");
    commits.handled("b", 0, "1");
    commits.keepOnly(({ topic }) => topic === "b");
    await commits.flush();
    expect(offsets()).toEqual([["b:2"]]);
  });
});
