import { expect, test } from "@jest/globals";
import { isGood, type Results } from "../../../commands/chaos/chaos-session";

type Fault = Results["faults"][number];

const fault = (change: Partial<Fault>): Fault => ({
  ...{ fault: "kill-connect", target: "", from: 0, healed: 1, hands: "none", expectedHands: "none", doctor: null },
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
  expect(good({ repeats: 5, expectedHands: "read again", saidSeconds: 2 }, true)).toBe(true);
});
