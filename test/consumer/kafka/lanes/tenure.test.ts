/** Checks that a member that was out of its group brings nothing back that another member has had meanwhile. */
import { beforeEach, expect, test } from "@jest/globals";
import { Commits, type TopicPartitionOffset } from "../../../../consumer/kafka/lanes/commits";
import { Tenure } from "../../../../consumer/kafka/lanes/tenure";
import { batch, begun, freshLanes, lanes, names, onHandled, take, turn } from "./lanes-rig";

let committed: string[];
let goneOn: string[];
let isMember: boolean;
/** What the broker answers to a commit. */
let answer: () => Promise<void>;
let commits: Commits;
let tenure: Tenure;

beforeEach(() => {
  freshLanes();
  [committed, goneOn, isMember, answer] = [[], [], true, () => Promise.resolve()];
  commits = new Commits({
    ready: () => isMember,
    commit(offsets: TopicPartitionOffset[]) {
      committed.push(...offsets.map(({ topic, partition, offset }) => `${topic}/${partition}:${offset}`));
      return answer();
    },
    failed: () => undefined,
    intervalMs: 0,
    now: () => 0,
    later: () => () => undefined,
  });
  onHandled((topic, partition, offset) => commits.handled(topic, partition, offset));
  tenure = new Tenure({
    commits,
    lanes,
    goneOn: (topic, partition, offset) => goneOn.push(`${topic}/${partition}:${offset}`),
  });
});

const OURS = { a: [0] };

function join(offset: string, memberId = "m", assignment: { [topic: string]: number[] } = OURS): void {
  isMember = false;
  tenure.joined(memberId, assignment);
  tenure.begins({ a: { 0: offset } });
  isMember = true;
}

function leave(): void {
  isMember = false;
  tenure.ended();
}

/** A member with a change of `a` at hand, offset 3, and others behind it, up to 9. Up to 2 all is committed. */
async function busy(): Promise<void> {
  join("0");
  take(batch("a", 0, 2));
  begun[0]!.end();
  await turn();
  await commits.flush();
  take(batch("a", 3, 5));
  begun[1]!.control.waits();
  take(batch("a", 6, 9));
  expect(committed).toEqual(["a/0:3"]);
}

test("another member went on meanwhile: nothing older is handled behind it, nor committed", async () => {
  await busy();
  leave();
  join("20");
  take(batch("a", 20, 21));
  expect([goneOn, begun[1]!.control.signal.aborted]).toEqual([["a/0:20"], true]);
  begun[1]!.end();
  await turn();
  begun.at(-1)!.end();
  await turn();
  await commits.flush();
  expect(names()).toEqual(["a/0:0-2", "a/0:3-5", "a/0:20-21"]);
  expect(committed).toEqual(["a/0:3", "a/0:22"]);
});

test("also where the commit waited of what was handled", async () => {
  await busy();
  begun[1]!.control.resolve("4");
  leave();
  join("20");
  await commits.flush();
  expect(committed).toEqual(["a/0:3"]);
});

test("nobody went on: the change at hand is handled once, and what waits behind it goes on", async () => {
  await busy();
  leave();
  expect(tenure.isAway).toBe(true);
  join("3");
  take(batch("a", 3, 9));
  expect([goneOn, tenure.isAway, begun[1]!.control.stopped()]).toEqual([[], false, false]);
  begun[1]!.end();
  await turn();
  begun[2]!.end();
  await turn();
  await commits.flush();
  expect(names()).toEqual(["a/0:0-2", "a/0:3-5", "a/0:6-9"]);
  expect(committed).toEqual(["a/0:3", "a/0:10"]);
});

test("a commit whose answer was lost is this member's own", async () => {
  await busy();
  answer = () => Promise.reject(new Error("closed"));
  begun[1]!.control.resolve("4");
  await commits.flush();
  leave();
  join("5");
  expect([committed, goneOn, lanes.busy.length]).toEqual([["a/0:3", "a/0:5"], [], 1]);
});

test("an offset that went back is of a topic that was made again: what was taken of the old one is kept", async () => {
  await busy();
  leave();
  join("0");
  expect([goneOn, lanes.busy.length]).toEqual([[], 1]);
});

test("while it is away, the change at hand is handled to its end and no other begins, of its batch neither", async () => {
  await busy();
  leave();
  const { control } = begun[1]!;
  expect([control.stopped(), control.signal.aborted]).toEqual([true, false]);
  begun[1]!.leave("3");
  await turn();
  expect(names()).toEqual(["a/0:0-2", "a/0:3-5"]);
  join("3");
  await turn();
  expect(names()).toEqual(["a/0:0-2", "a/0:3-5", "a/0:4-5"]);
  begun[2]!.end();
  await turn();
  expect(names().at(-1)).toBe("a/0:6-9");
});

test("a partition that another member had for one generation is this one's anew", async () => {
  await busy();
  join("3", "m", {});
  join("20");
  expect(goneOn).toEqual([]);
  begun[1]!.end();
  await turn();
  await commits.flush();
  expect(committed).toEqual(["a/0:3"]);
});

test("without a look at the group's offsets, all is dropped where this member has another name than before", async () => {
  tenure.joinedBlindly("m", OURS);
  take(batch("a", 0, 4));
  begun[0]!.control.waits();
  tenure.joinedBlindly("m", OURS);
  expect(lanes.busy.length).toBe(1);
  leave();
  tenure.joinedBlindly("n", OURS);
  expect([lanes.busy.length, begun[0]!.control.signal.aborted]).toEqual([0, true]);
  take(batch("a", 2, 4));
  begun[0]!.end();
  await turn();
  expect(names()).toEqual(["a/0:0-4", "a/0:2-4"]);
});

test("a stop ends the wait of what is held", async () => {
  await busy();
  leave();
  begun[1]!.leave("3");
  await turn();
  await lanes.stop();
  expect(names()).toEqual(["a/0:0-2", "a/0:3-5"]);
});
