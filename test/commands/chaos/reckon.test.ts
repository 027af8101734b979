import { expect, test } from "@jest/globals";
import { handledLine, parseHandled } from "../../../commands/chaos/reckon/handled";
import { type Evidence, reckon } from "../../../commands/chaos/reckon/reckon";
import type { JournalEntry } from "../../../commands/chaos/writer/journal";

/** Versions 1 to 4 of one key and 5 of another, one each second. The second fault begins with version 3. */
const journal: JournalEntry[] = ["1", "2", "3", "4", "5"].map((version, at) => ({
  ...{ table: "public.rows", key: version === "5" ? "20" : "10", version, at: 1000 * (at + 1) },
}));
const windows = [
  { from: 0, healed: 1500, to: 3000 },
  { from: 3000, healed: 3500, to: Infinity },
];

type Moments = [version: string, at: number][];

/** Reckons with all versions in the topic and handled 10 ms after their commit, but for what a test gives. */
function reckoned(other: { topics?: Moments; handled?: Moments; deadLetters?: Evidence["deadLetters"] }) {
  const usual = journal.map(({ version, at }): Moments[number] => [version, at + 10]);
  const { topics = usual, handled = usual, deadLetters = [] } = other;
  return reckon({
    ...{ journal, windows, deadLetters },
    topics: topics.map(([version, at]) => ({ version, at })),
    handled: handled.map(([version, at]) => ({ version, at, marked: false })),
  });
}

const GOOD = {
  ...{ lost: [], unhandled: [], invented: [], disorder: [], disorderAtHandler: [] },
  ...{ repeats: 0, repeatsAtHandler: 0, unmarked: 0, deadLetters: 0, caughtUpSeconds: 0 },
};

test("what arrived once and in order is nothing to tell of", () => {
  expect(reckoned({})).toEqual([
    { ...GOOD, committed: 2 },
    { ...GOOD, committed: 3 },
  ]);
});

test("a version that no topic has is lost in the window of its commit, also when a later one of its key is there", () => {
  const arrived: Moments = [
    ["1", 1010],
    ["3", 3010],
    ["4", 4010],
    ["5", 5010],
  ];
  const [first, second] = reckoned({ topics: arrived, handled: arrived });
  expect(first).toEqual({ ...GOOD, committed: 2, lost: ["2"], unhandled: ["2"] });
  expect(second).toEqual({ ...GOOD, committed: 3 });
});

test("a version in the topic that is neither handled nor a dead letter is unhandled", () => {
  const handled: Moments = [
    ["1", 1010],
    ["2", 2010],
    ["3", 3010],
    ["5", 5010],
  ];
  expect(reckoned({ handled })[1]).toEqual({ ...GOOD, committed: 3, unhandled: ["4"] });
  expect(reckoned({ handled, deadLetters: [{ version: "4", at: 4500 }] })[1]).toEqual({
    ...{ ...GOOD, committed: 3, deadLetters: 1 },
  });
});

test("versions that are written again from an earlier one on are repeated, and in order", () => {
  const topics: Moments = [
    ["1", 1010],
    ["2", 2010],
    ["3", 3010],
    ["2", 3100],
    ["3", 3100],
    ["4", 4010],
    ["5", 5010],
  ];
  const [first, second] = reckoned({ topics });
  expect(first).toEqual({ ...GOOD, committed: 2 });
  expect(second).toEqual({ ...GOOD, committed: 3, repeats: 2 });
});

test.each([
  ["a later version first", ["1", "3", "2", "4"], ["3", "4"]],
  ["one left out when all are told again", ["1", "2", "3", "1", "3", "4"], ["3"]],
])("out of order: %s", (_what, versions, disorder) => {
  const topics = [...versions, "5"].map((version): Moments[number] => [version, 4000]);
  expect(reckoned({ topics })[1]!.disorder).toEqual(disorder);
});

test("what no commit made is invented", () => {
  const topics: Moments = [...journal.map(({ version, at }): Moments[number] => [version, at]), ["9", 6000]];
  expect(reckoned({ topics })[1]!.invented).toEqual(["9"]);
});

test("caught up is when the last late change was handled, from the healing on", () => {
  const handled: Moments = [
    ["1", 1010],
    ["2", 2900],
    ["3", 8000],
    ["4", 8001],
    ["5", 5999],
  ];
  expect(reckoned({ handled }).map(({ caughtUpSeconds }) => caughtUpSeconds)).toEqual([0, 4.501]);
});

test("a version that was not yet handled when the next fault began counts as delayed by that one", () => {
  const handled: Moments = [
    ["1", 1010],
    ["2", 8000],
    ["3", 3010],
    ["4", 4010],
    ["5", 5010],
  ];
  expect(reckoned({ handled }).map(({ caughtUpSeconds }) => caughtUpSeconds)).toEqual([0, 4.5]);
});

test("the handler's notes are read back, but for a line that a kill cut off", () => {
  const notes = [
    { version: "1", at: 1792000000000, marked: false },
    { version: "d1", at: 1792000000001, marked: true },
  ];
  const text = notes.map(handledLine).join("");
  expect(text).toBe("1792000000000 1 first\n1792000000001 d1 again\n");
  expect(parseHandled(`${text}17920000`)).toEqual(notes);
});

test("an earlier version that comes again, and no later one after it, is what a copy would keep", () => {
  const usual: Moments = [
    ["1", 1010],
    ["2", 2010],
    ["3", 3010],
    ["4", 4010],
    ["5", 5010],
  ];
  expect(reckoned({ handled: [...usual, ["2", 6010]] })[1]).toMatchObject({
    ...{ repeatsAtHandler: 1, disorderAtHandler: ["2"] },
  });
  const again: Moments = [
    ["3", 6020],
    ["4", 6030],
  ];
  expect(reckoned({ handled: [...usual, ["2", 6010], ...again] })[1]).toMatchObject({ disorderAtHandler: [] });
});
