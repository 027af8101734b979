import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { COORDINATION } from "../support/stack";
import { FAULTS } from "../../commands/chaos/faults/all-faults";
import { report } from "../../commands/chaos/report/report";
import { isGood, type Results } from "../../commands/chaos/chaos-results";
import { Session } from "../../commands/chaos/chaos-session";

/** A short run of `npm run chaos`, with faults that pass by themselves within seconds. */
const SEED = 20;
const SHORT = ["kill-postgres", "kill-connect", "kill-consumer", "slot-backend-ended", "handler-throws"];
const session = new Session(
  {
    ...{ minutes: 3, rate: 300, seed: SEED, purpose: "test-chaos", most: SHORT.length },
    coordination: COORDINATION,
    faults: FAULTS[COORDINATION].filter(({ name }) => SHORT.includes(name)),
  },
  (line) => void process.stderr.write(`chaos: ${line}\n`),
);
let results: Results;

beforeAll(async () => {
  results = await session.run();
  process.stderr.write(`${report(results)}\n`);
}, 400_000);

afterAll(() => session.clear(), 60_000);

test(`five faults under load, seed ${SEED}: nothing is lost, invented or out of order, and no hands are needed`, () => {
  const told = results.faults.map(({ fault, lost, unhandled, invented, disorder, disorderAtHandler, hands }) => ({
    ...{ fault, lost, unhandled, invented, disorder, disorderAtHandler, hands },
  }));
  const none = { lost: [], unhandled: [], invented: [], disorder: [], disorderAtHandler: [], hands: "none" };
  expect(told.sort((a, b) => (a.fault < b.fault ? -1 : 1))).toEqual(
    [...SHORT].sort().map((fault) => ({ fault, ...none })),
  );
  expect(results.troubles).toEqual([]);
  expect(isGood(results)).toBe(true);
});

test("the load was one: thousands of changes, some commits whose answer did not come, a dead letter", () => {
  const sum = (of: (fault: Results["faults"][number]) => number) =>
    results.faults.reduce((all, each) => all + of(each), 0);
  expect(sum(({ committed }) => committed)).toBeGreaterThan(1000);
  expect(results.doubts.asked).toBeGreaterThan(0);
  expect(sum(({ deadLetters }) => deadLetters)).toBeGreaterThan(0);
});

test("in the end tables and topics are equal", () => {
  expect(results.verify.map(({ table, ok, differing }) => [table, ok, differing])).toEqual([
    ["public.rows", true, 0],
    ["public.side", true, 0],
  ]);
});
