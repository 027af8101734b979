import { expect, test } from "@jest/globals";
import { TopicWatch } from "../../../../consumer/feed/watch/topic-watch";

const GROUPS = "__consumer_offsets";
const [A, B] = ["cdctest.public.a", "cdctest.public.b"];

function rig() {
  const gone: string[] = [];
  return { gone, watch: new TopicWatch([A, B], (topic) => gone.push(topic)) };
}

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

test("one that was made again before anybody looked begins at an earlier offset than it had reached", () => {
  const { gone, watch } = rig();
  watch.reached(A, 0, "100");
  watch.reached(A, 1, "7");
  watch.reached(A, 0, "120");
  expect(gone).toEqual([]);
  watch.reached(A, 0, "3");
  watch.reached(A, 0, "5");
  watch.reached(A, 1, "2");
  expect(gone).toEqual([A]);
});

test("a topic that was reported as missing is not reported again after a restart", () => {
  const { gone, watch } = rig();
  watch.reached(A, 0, "100");
  watch.listed([GROUPS, A, B]);
  watch.listed([GROUPS, B]);
  watch.listed([GROUPS, B]);
  watch.listed([GROUPS, A, B]);
  watch.reached(A, 0, "2");
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

test("topics of tables that are not captured are no loss", () => {
  const { gone, watch } = rig();
  watch.reached("cdctest.message", 0, "100");
  watch.reached("cdctest.message", 0, "1");
  expect(gone).toEqual([]);
});
