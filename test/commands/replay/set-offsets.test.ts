import { beforeEach, expect, jest, test } from "@jest/globals";
import { setOffsets } from "../../../commands/replay/set-offsets";

/** A group that lets a member join, unless a test says otherwise. */
const group = { calls: [] as string[], joins: true, commits: true };
const listeners = new Map<string, () => void>();
const consumer = {
  events: { GROUP_JOIN: "join", CRASH: "crash", COMMIT_OFFSETS: "commit" },
  on: (name: string, listener: () => void) => void listeners.set(name, listener),
  connect: async () => undefined,
  subscribe: async ({ topics }: { topics: string[] }) => void group.calls.push(`subscribe ${topics}`),
  run: async ({ autoCommit }: { autoCommit: boolean }) => {
    group.calls.push(`run ${autoCommit}`);
    if (group.joins) setImmediate(() => listeners.get("join")!());
  },
  pause: (topics: { topic: string }[]) => void group.calls.push(`pause ${topics.map(({ topic }) => topic)}`),
  commitOffsets: async (all: { topic: string; partition: number; offset: string }[]) => {
    group.calls.push(`commit ${all.map(({ topic, partition, offset }) => `${topic}/${partition}=${offset}`)}`);
    if (group.commits) listeners.get("commit")!();
  },
  disconnect: async () => void group.calls.push("disconnect"),
};
jest.mock("../../../consumer/kafka/quiet-kafka", () => ({ quietKafka: () => ({ consumer: () => consumer }) }));

beforeEach(() => {
  listeners.clear();
  Object.assign(group, { calls: [], joins: true, commits: true });
});

const step = (topic: string, partition: number, target: bigint) => ({
  ...{ topic, partition, target },
  ...{ low: 0n, high: 50n, committed: 40n },
});
const steps = [step("orders", 0, 1n), step("orders", 1, 2n), step("deals", 0, 3n)];
const set = (deadlineMs = 10_000) => setOffsets("127.0.0.1:29092", "group", steps, deadlineMs);

test("the offsets of all topics are set in one request, by a member that reads nothing", async () => {
  await set();
  expect(group.calls).toEqual([
    "subscribe orders,deals",
    "run false",
    "pause orders,deals",
    "commit orders/0=1,orders/1=2,deals/0=3",
    "disconnect",
  ]);
});

test("a group that takes no member in time is an error, and so are offsets that did not arrive", async () => {
  group.joins = false;
  await expect(set(1)).rejects.toThrow("group group took no member within 0.001 s");
  Object.assign(group, { joins: true, commits: false });
  await expect(set()).rejects.toThrow("The broker did not take the offsets of group group.");
  expect(group.calls.filter((call) => call === "disconnect")).toHaveLength(2);
});
