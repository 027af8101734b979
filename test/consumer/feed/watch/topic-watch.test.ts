import { expect, test } from "@jest/globals";
import { TopicWatch } from "../../../../consumer/feed/watch/topic-watch";

const GROUPS = "__consumer_offsets";
const [A, B] = ["cdctest.public.a", "cdctest.public.b"];

function rig() {
  const gone: string[] = [];
  const asked: string[] = [];
  const timers: (() => void)[] = [];
  const broker = { answer: (): Promise<boolean> => Promise.resolve(true), ms: 0 };
  const watch = new TopicWatch({
    topics: [A, B],
    gone: (topic) => gone.push(topic),
    hasNothingBefore(topic, partition, ms) {
      asked.push(`${topic}/${partition} before ${ms}`);
      return broker.answer();
    },
    now: () => broker.ms,
    later: (_ms, work) => void timers.push(work),
  });
  return { gone, asked, timers, broker, watch };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a topic that existed, and is missing in two looks, is reported once; and again after it existed in between", () => {
  const { gone, watch } = rig();
  watch.listed([GROUPS, A, B]);
  watch.listed([GROUPS, B]);
  expect(gone).toEqual([]);
  watch.listed([GROUPS, B]);
  watch.listed([GROUPS, B]);
  expect(gone).toEqual([A]);
  watch.listed([GROUPS, A, B]);
  watch.listed([GROUPS, B]);
  watch.listed([GROUPS, B]);
  expect(gone).toEqual([A, A]);
});

test("one that is not made yet is not gone, and a broker that has just begun knows none", () => {
  const { gone, watch } = rig();
  watch.listed([GROUPS, A]);
  watch.listed([GROUPS, A]);
  watch.listed([]);
  watch.listed([]);
  watch.listed([]);
  watch.listed([GROUPS, A]);
  expect(gone).toEqual([]);
});

test("one that was made again before anybody looked ends earlier than before, and has no record from then", async () => {
  const { gone, asked, broker, watch } = rig();
  broker.ms = 1000;
  watch.reached(A, 0, "100");
  watch.reached(A, 1, "7");
  broker.ms = 2000;
  watch.reached(A, 0, "120");
  broker.ms = 3000;
  watch.reached(A, 0, "3");
  watch.reached(A, 0, "5");
  watch.reached(A, 1, "2");
  await turn();
  watch.reached(A, 1, "3");
  await turn();
  expect([gone, asked]).toEqual([[A], [`${A}/0 before 2000`]]);
});

test("one whose new leader does not know yet how far it goes has records from before, and is not gone", async () => {
  const { gone, asked, broker, watch } = rig();
  broker.answer = () => Promise.resolve(false);
  watch.reached(A, 0, "120");
  watch.reached(A, 0, "90");
  await turn();
  expect([gone, asked.length]).toEqual([[], 1]);
  broker.answer = () => Promise.resolve(true);
  watch.reached(A, 0, "130");
  watch.reached(A, 0, "1");
  await turn();
  expect(gone).toEqual([A]);
});

test("a broker that does not answer is asked again", async () => {
  const { gone, timers, broker, watch } = rig();
  broker.answer = () => Promise.reject(new Error("closed"));
  watch.reached(A, 0, "120");
  watch.reached(A, 0, "1");
  await turn();
  expect([gone, timers.length]).toEqual([[], 1]);
  broker.answer = () => Promise.resolve(true);
  timers[0]!();
  await turn();
  expect(gone).toEqual([A]);
});

test("a topic that was reported as missing is not reported again after a restart", async () => {
  const { gone, watch } = rig();
  watch.reached(A, 0, "100");
  watch.listed([GROUPS, A, B]);
  watch.listed([GROUPS, B]);
  watch.listed([GROUPS, B]);
  watch.listed([GROUPS, A, B]);
  watch.reached(A, 0, "2");
  await turn();
  expect(gone).toEqual([A]);
});

test("whether a topic is gone can be asked: not before it was there, and not once it is there again", () => {
  const { watch } = rig();
  const after = (...there: string[]): boolean => {
    watch.listed([GROUPS, ...there]);
    return watch.isGone(A);
  };
  expect([after(B), after(B), after(A), after(B), after(B), after(B), after(A)]).toEqual([
    ...[false, false, false, false],
    ...[true, true, false],
  ]);
});

test("topics of tables that are not captured are no loss", async () => {
  const { gone, watch } = rig();
  watch.reached("cdctest.message", 0, "100");
  watch.reached("cdctest.message", 0, "1");
  await turn();
  expect(gone).toEqual([]);
});
