import { expect, test } from "@jest/globals";
import { isGood, type Row } from "../../../commands/chaos/chaos-results";
import { row } from "./row";

const good = (change: Partial<Row>, exactlyOnce: boolean): boolean =>
  isGood({ faults: [row({}), row(change)], verify: [], troubles: [], exactlyOnce });

test("a repeat in the topics is bad with exactly once, and only then", () => {
  expect([good({}, true), good({ repeats: 1 }, false), good({ repeats: 1 }, true)]).toEqual([true, true, false]);
  // Changes that the handler gets twice are in the topics once.
  expect(good({ repeatsAtHandler: 3 }, true)).toBe(true);
});

test("where all rows are read again, since changes are gone, they are there twice", () => {
  expect(good({ repeats: 5, lossy: true, expectedHands: "read again", saidSeconds: 2 }, true)).toBe(true);
});

test("what is lost where no reader can get it any more is no bad end, if it was said", () => {
  const lossy: Partial<Row> = { lossy: true, lost: ["7"], hands: "npm start", expectedHands: "npm start" };
  expect(good({ ...lossy, saidSeconds: 2 }, false)).toBe(true);
  expect(good({ ...lossy, saidSeconds: null }, false)).toBe(false);
  expect(good({ ...lossy, lossy: false }, false)).toBe(false);
  expect(good({ ...lossy, saidSeconds: 2, disorder: ["8"] }, false)).toBe(false);
});

test("a loss that was said where nothing is lost is bad", () => {
  expect(good({ untrue: "the slot was moved on by hand" }, false)).toBe(false);
});

test("a loss that was said is bad all the same where tables and topics are not equal once it was made good", () => {
  const lossy: Partial<Row> = { lossy: true, hands: "read again", expectedHands: "read again", saidSeconds: 2 };
  expect(good({ ...lossy, unequal: [] }, false)).toBe(true);
  expect(good({ ...lossy, unequal: ["public.rows"] }, false)).toBe(false);
});
