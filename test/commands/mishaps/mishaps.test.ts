import { expect, test } from "@jest/globals";
import { parseOptions } from "../../../commands/mishaps/mishaps-options";
import { planOf } from "../../../commands/mishaps/mishaps-plan";
import { isGood, report, type Round } from "../../../commands/mishaps/mishaps-report";
import { lostRows } from "../../../commands/mishaps/mishaps-session";
import { Random } from "../../../commands/chaos/random";
import { MISHAPS } from "../../../commands/mishaps/all-mishaps";

const USUAL = MISHAPS.zookeeper;

const told = (seed: number, rounds: number): string[][] => {
  const plan = planOf(USUAL, seed);
  return Array.from({ length: rounds }, () =>
    plan.next().value.map(({ mishap, stroke }) => `${mishap.name} ${stroke.target}`),
  );
};

test("the same seed gives the same rounds, another one others", () => {
  expect(told(7, 20)).toEqual(told(7, 20));
  expect(told(7, 20)).not.toEqual(told(8, 20));
});

test("every mishap is the first of a round before one is again; none comes twice in a round", () => {
  const rounds = told(3, USUAL.length);
  expect(new Set(rounds.map(([first]) => first!.split(" ")[0]))).toEqual(new Set(USUAL.map(({ name }) => name)));
  for (const round of rounds) expect(new Set(round.map((each) => each.split(" ")[0])).size).toBe(round.length);
});

test("rows that are gone are no trouble only where their volume was taken away", () => {
  const [rows, other] = [
    { rows: ["(1)"], volume: "then" },
    { rows: [], volume: "now" },
  ];
  const happened = (name: string) => {
    const mishap = USUAL.find((each) => each.name === name)!;
    return [{ mishap, stroke: { target: "", happen: () => Promise.resolve() } }];
  };
  expect(lostRows(rows, rows, happened("engine-new"))).toBeUndefined();
  expect(lostRows(rows, { ...rows, rows: [] }, happened("engine-new"))).toBe("public.customers had 1 rows and has 0");
  expect(lostRows(rows, other, happened("engine-new"))).toBeUndefined();
  expect(lostRows(rows, other, happened("removed"))).toMatch(/nothing had taken it away/);
});

test("a round for a line, and what did not pass at the end", () => {
  const good: Round = { mishaps: ["removed (all)"], commands: ["npm start"], seconds: 9.4, rows: 3, trouble: null };
  const bad: Round = { ...good, mishaps: ["engine-new"], trouble: "no network" };
  expect(report([good, bad], 7)).toBe(
    "  1    9 s  ok    removed (all): npm start\n  2    9 s  FAIL  engine-new: npm start\n\n" +
      "Seed 7: 1 of 2 rounds passed.\n\n1. no network",
  );
  expect([isGood([good, good], 2), isGood([good], 2), isGood([good, bad], 2)]).toEqual([true, false, false]);
});

test("options", () => {
  expect(parseOptions([], 42)).toEqual({
    rounds: 20,
    seed: 42,
    coordination: "zookeeper",
    mishaps: USUAL,
    list: false,
    json: false,
  });
  expect(parseOptions(["--only", "removed,stopped"], 42)!.mishaps.map(({ name }) => name)).toEqual([
    "removed",
    "stopped",
  ]);
  expect(() => parseOptions(["--only", "fire"], 42)).toThrow(/^--only is "fire"; allowed are start-killed, /);
  expect(() => parseOptions(["--rounds", "0"], 42)).toThrow('--rounds is "0"; allowed is a whole number from 1 to 500');
});

test("a stack without ZooKeeper loses none in a mishap", () => {
  const { mishaps } = parseOptions(["--coordination", "kraft"], 42)!;
  expect(mishaps.map(({ name }) => name)).toEqual(USUAL.map(({ name }) => name));
  const targets = mishaps.flatMap(({ plan }) => [1, 2, 3, 4].map((seed) => plan(new Random(seed)).target));
  expect(targets.join()).not.toContain("zookeeper");
  expect(() => parseOptions(["--coordination", "raft"], 42)).toThrow(
    '--coordination is "raft"; allowed are zookeeper, kraft',
  );
});
