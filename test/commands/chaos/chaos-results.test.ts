import { expect, test } from "@jest/globals";
import { isGood, type Results } from "../../../commands/chaos/chaos-results";

type Fault = Results["faults"][number];

const fault = (change: Partial<Fault>): Fault => ({
  ...{ fault: "kill-connect", target: "", from: 0, healed: 1, hands: "none", expectedHands: "none" },
  ...{ lossy: false, doctor: null },
  ...{ committed: 9, lost: [], unhandled: [], invented: [], disorder: [], disorderAtHandler: [] },
  ...{ repeats: 0, repeatsAtHandler: 0, unmarked: 0, deadLetters: 0, caughtUpSeconds: 0 },
  ...change,
});
const good = (change: Partial<Fault>, exactlyOnce: boolean): boolean =>
  isGood({ faults: [fault({}), fault(change)], verify: [], troubles: [], exactlyOnce });

test("a repeat in the topics is bad with exactly once, and only then", () => {
  expect([good({}, true), good({ repeats: 1 }, false), good({ repeats: 1 }, true)]).toEqual([true, true, false]);
  // What the handler gets twice is not in the topics twice.
  expect(good({ repeatsAtHandler: 3 }, true)).toBe(true);
});

test("where all rows are read again, since changes are gone, they are there twice", () => {
  expect(good({ repeats: 5, lossy: true, expectedHands: "read again", saidSeconds: 2 }, true)).toBe(true);
});

test("what is lost where no reader can get it any more is no bad end, if it was said", () => {
  const lossy: Partial<Fault> = { lossy: true, lost: ["7"], hands: "npm start", expectedHands: "npm start" };
  expect(good({ ...lossy, saidSeconds: 2 }, false)).toBe(true);
  expect(good({ ...lossy, saidSeconds: null }, false)).toBe(false);
  expect(good({ ...lossy, lossy: false }, false)).toBe(false);
  expect(good({ ...lossy, saidSeconds: 2, disorder: ["8"] }, false)).toBe(false);
});

test("a loss that was said where nothing is lost is bad", () => {
  expect(good({ untrue: "the slot was moved on by hand" }, false)).toBe(false);
});

test("a loss that was said is bad all the same where tables and topics are not equal once it was made good", () => {
  const lossy: Partial<Fault> = { lossy: true, hands: "read again", expectedHands: "read again", saidSeconds: 2 };
  expect(good({ ...lossy, unequal: [] }, false)).toBe(true);
  expect(good({ ...lossy, unequal: ["public.rows"] }, false)).toBe(false);
});
