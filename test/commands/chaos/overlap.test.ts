import { expect, test } from "@jest/globals";
import { planOf, type Planned } from "../../../commands/chaos/chaos-plan";
import type { Fault, Place } from "../../../commands/chaos/faults/fault";
import { overlapping, faultPairs } from "../../../commands/chaos/overlap";

const PLACE = {} as Place;

/** @param refuses how many times it fails before it succeeds */
function fault(name: string, said: string[], { lastsMs, refuses = 0 }: { lastsMs?: number; refuses?: number } = {}) {
  let left = refuses;
  return {
    ...{ name, what: name, hands: "none" },
    plan: () => ({
      target: `of ${name}`,
      inject: () => {
        if (left-- > 0) return Promise.reject(new Error("not running"));
        said.push(`${name} begins`);
        return Promise.resolve();
      },
      ...(lastsMs !== undefined && {
        lastsMs,
        heal: () => {
          said.push(`${name} ends`);
          return Promise.resolve();
        },
      }),
    }),
  } satisfies Fault;
}

const of = (...faults: Fault[]): Planned => faultPairs(planOf(faults, 3)).next().value;

test("the second one begins while the first one lasts, and both are ended", async () => {
  const said: string[] = [];
  const { fault: both, stroke } = of(fault("one", said, { lastsMs: 200 }), fault("other", said, { lastsMs: 200 }));
  const [first, second] = both.name.split(" + ");
  await stroke.inject(PLACE);
  expect([first, second].sort()).toEqual(["one", "other"]);
  expect(said).toEqual([`${first} begins`, `${second} begins`, `${first} ends`, `${second} ends`]);
  expect(stroke.target).toBe(`${first}: of ${first}, ${second}: of ${second}`);
  expect(stroke.lastsMs).toBeUndefined();
});

test("what the other one is in the way of is done once it can be", async () => {
  const said: string[] = [];
  await of(fault("one", said, { refuses: 1 }), fault("other", said)).stroke.inject(PLACE);
  expect(said.sort()).toEqual(["one begins", "other begins"]);
});

test("never one beside itself, and none that needs hands or loses changes", () => {
  const all: Fault[] = [
    fault("one", []),
    fault("other", []),
    { ...fault("third", []), hands: "npm start" },
    { ...fault("fourth", []), loses: true },
  ];
  const left = overlapping(all);
  expect(left.map(({ name }) => name)).toEqual(["one", "other"]);
  const plan = faultPairs(planOf(left, 5));
  const names = Array.from({ length: 40 }, () => plan.next().value.fault.name);
  expect(new Set(names)).toEqual(new Set(["one + other", "other + one"]));
});
