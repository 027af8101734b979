import { describe, expect, test } from "@jest/globals";
import { firstRung, judgeRate, LADDER, type Look } from "../../../bench/measures/ladder";

describe("the first rung", () => {
  test.each([
    [undefined, 5000],
    [5800, 2500],
    [35_000, 25_000],
    [10, 1000],
    [1e9, 100_000],
  ])("after a drain of %p rows/s is %p", (drain, rate) => {
    expect(LADDER[firstRung(drain)]).toBe(rate);
  });
});

/** Looks during a minute at a load of 1,000 rows/s. */
function looks(backlog: (seconds: number) => number): Look[] {
  return Array.from({ length: 120 }, (_, at) => {
    const seconds = (at + 1) / 2;
    return { seconds, written: 1000 * seconds, handled: 1000 * seconds - backlog(seconds) };
  });
}

const LOAD = { rate: 1000, seconds: 60, writerSeconds: 60, growth: 0.01 };

describe("a rate", () => {
  test("is sustained when the backlog stays where it is", () => {
    const wavering = looks((seconds) => 300 + 50 * Math.sin(seconds));
    expect(judgeRate(wavering, LOAD)).toMatchObject({ flat: true });
  });

  test("is sustained when what piled up at first is worked off", () => {
    expect(
      judgeRate(
        looks((seconds) => Math.max(100, 5000 - 500 * seconds)),
        LOAD,
      ).flat,
    ).toBe(true);
  });

  test("is not when the backlog grows by more than the limit", () => {
    const growing = looks((seconds) => 15 * seconds);
    const reason = "backlog 0.89 s of rows at the end, growing 1.5 %";
    expect(judgeRate(growing, LOAD)).toEqual({ flat: false, reason });
    expect(judgeRate(growing, { ...LOAD, growth: 0.05 }).flat).toBe(true);
  });

  test("is not when the backlog is flat but a second of rows or more", () => {
    expect(
      judgeRate(
        looks(() => 1500),
        LOAD,
      ).flat,
    ).toBe(false);
  });

  test("is not when the writer did not keep it up", () => {
    const verdict = judgeRate(
      looks(() => 10),
      { ...LOAD, writerSeconds: 66 },
    );
    expect(verdict).toEqual({ flat: false, reason: "Postgres took 66.0 s for 60 s of rows" });
  });

  test("is not when there are no looks", () => {
    expect(judgeRate([], LOAD).flat).toBe(false);
  });
});
