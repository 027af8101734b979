import { beforeEach, describe, expect, test } from "@jest/globals";
import { Commits, type TopicPartitionOffset } from "../../../consumer/kafka/commits";

let sent: TopicPartitionOffset[][];
let timers: (() => void)[];
let delays: number[];
let time: number;
let answers: Promise<void>[];
let commits: Commits;

beforeEach(() => {
  sent = [];
  timers = [];
  delays = [];
  time = 1000;
  answers = [];
  commits = new Commits({
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
