import { expect, test } from "@jest/globals";
import { Random } from "../../../commands/chaos/random";
import { FAULTS } from "../../../commands/chaos/faults/all-faults";
import { planOf, type Planned } from "../../../commands/chaos/chaos-plan";

const USUAL = FAULTS.zookeeper;

function first(count: number, seed: number): Planned[] {
  const plan = planOf(USUAL, seed);
  return Array.from({ length: count }, () => plan.next().value);
}

const told = (plan: Planned[]) => plan.map(({ fault, stroke, pauseMs }) => `${fault.name} ${stroke.target} ${pauseMs}`);

test("the same seed gives the same faults, targets and pauses; another seed others", () => {
  expect(told(first(50, 7))).toEqual(told(first(50, 7)));
  expect(told(first(50, 7))).not.toEqual(told(first(50, 8)));
});

test("each fault comes once before any comes again", () => {
  const names = first(2 * USUAL.length, 7).map(({ fault }) => fault.name);
  const all = USUAL.map(({ name }) => name).sort();
  expect(names.slice(0, USUAL.length).sort()).toEqual(all);
  expect(names.slice(USUAL.length).sort()).toEqual(all);
});

test("what stays broken for a while is ended by somebody, and only that", () => {
  for (const { fault, stroke } of first(USUAL.length, 7)) {
    expect([fault.name, stroke.heal === undefined]).toEqual([fault.name, stroke.lastsMs === undefined]);
  }
});

test("a stack without ZooKeeper has no fault of ZooKeeper", () => {
  const faults = FAULTS.kraft;
  expect(faults.map(({ name }) => name)).not.toContain("kill-zookeeper");
  const targets = faults.flatMap(({ plan }) => [1, 2, 3, 4].map((seed) => plan(new Random(seed)).target));
  expect(targets.join()).not.toContain("zookeeper");
  expect(faults).toHaveLength(USUAL.length - 1);
});
