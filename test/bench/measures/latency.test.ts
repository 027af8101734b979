import { expect, test } from "@jest/globals";
import { type Change, committedMicros, handledMicros } from "../../../bench/measures/instruments/feed";
import { matchLatencies } from "../../../bench/measures/latency";

const START = Date.UTC(2026, 0, 2, 3, 4, 5) * 1000;

function change(marker: string, committed: number, lagMs: number): Change {
  const text = new Date(Math.floor(committed / 1e6) * 1000).toISOString().slice(0, 19);
  return {
    op: "create",
    after: { last_name: marker },
    lagMs,
    committedAt: `${text}.${String(committed % 1e6).padStart(6, "0")}Z`,
  };
}

test("a commit's time is read to the microsecond", () => {
  const at = START + 123_456;
  expect(committedMicros(change("m", at, 1.5))).toBe(at);
  expect(handledMicros(change("m", at, 1.5))).toBe(at + 1500);
});

test("a snapshot row has neither time", () => {
  const row = { ...change("m", START, 1), committedAt: null, lagMs: null };
  expect([committedMicros(row), handledMicros(row)]).toEqual([undefined, undefined]);
});

test("commits find their changes by the marker, in whatever order and among whatever else", () => {
  const commits = [0, 1].map((at) => ({
    marker: `m-${at}`,
    sent: START + at * 10_000,
    returned: START + at * 10_000 + 2000,
  }));
  const changes = [change("else", START, 99), change("m-1", START + 11_000, 5), change("m-0", START + 1000, 3)];
  expect(matchLatencies(commits, changes)).toEqual({ ms: [3, 5], fromReturnMs: [2, 4], stampsBetween: 2 });
});

test("a stamp outside of its commit is counted as such", () => {
  const commits = [{ marker: "m", sent: START, returned: START + 1000 }];
  expect(matchLatencies(commits, [change("m", START + 9000, 1)]).stampsBetween).toBe(0);
});

test("a change that never came fails the measure", () => {
  const commits = [{ marker: "m", sent: START, returned: START }];
  expect(() => matchLatencies(commits, [change("other", START, 1)])).toThrow("no change arrived for m");
});
