import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { didYouMean, editDistance, nearest } from "../../components/nearest";
import { poll } from "../../components/poll";
import { hasUnknown, UNKNOWN } from "../../program/dynamic/unknown";

describe("poll", () => {
  const never = async () => ({ done: false as const, seen: "a closed door" });

  test("ends with the value as soon as there is one", async () => {
    let looks = 0;
    const value = await poll(async () => (++looks < 3 ? never() : { done: true, value: looks }), {
      ...{ what: "it", deadlineMs: 5000, intervalMs: 1 },
    });
    expect(value).toBe(3);
  });

  test("says what it waited for, how long, what it saw last and what to do", async () => {
    const failure = poll(never, { what: "the door to open", deadlineMs: 100, intervalMs: 20, remedy: "Knock." });
    await expect(failure).rejects.toMatchObject({
      message: "Waited 0.1 s for the door to open. Last seen: a closed door. Knock.",
      code: "TIMEOUT",
      seen: "a closed door",
    });
  });

  test("looks once even when there is no time, and once more at the end", async () => {
    let looks = 0;
    const count = async () => {
      looks++;
      return never();
    };
    await poll(count, { what: "x", deadlineMs: 0 }).catch(() => undefined);
    expect(looks).toBe(1);
    await poll(count, { what: "x", deadlineMs: 50, intervalMs: 1000 }).catch(() => undefined);
    expect(looks).toBe(3);
  });

  test("as long as something moves there is no deadline, and what was seen last says what mends it", async () => {
    let looks = 0;
    const moves = async () => {
      looks++;
      return { done: false as const, seen: `${looks} rows`, mark: String(Math.min(looks, 5)), remedy: "Push." };
    };
    const failure = poll(moves, { what: "rows", deadlineMs: 60, intervalMs: 40, remedy: "Knock." });
    await expect(failure).rejects.toThrow(/^Waited 0\.1 s for rows\. Last seen: [67] rows\. Push\.$/);
  });

  test("the pause between two looks may depend on how long it has taken", async () => {
    const waited: number[] = [];
    const intervalMs = (waitedMs: number): number => {
      waited.push(waitedMs);
      return 20;
    };
    await poll(never, { what: "x", deadlineMs: 300, intervalMs }).catch(() => undefined);
    expect(waited.length).toBeGreaterThan(1);
    expect(waited.at(-1)).toBeGreaterThan(waited[0]!);
  });

  test("an error ends the wait at once", async () => {
    const broken = poll(() => Promise.reject(new Error("broken")), { what: "it", deadlineMs: 60_000 });
    await expect(broken).rejects.toThrow("broken");
  });
});

describe("did you mean", () => {
  test.each([
    ["table.include.lst", " Did you mean table.include.list?"],
    ["tabel.include.list", " Did you mean table.include.list?"],
    ["table.exclude.lis", " Did you mean table.exclude.list?"],
    ["something.else.entirely", ""],
  ])("%s%s", (word, guess) => {
    expect(didYouMean(word, ["table.include.list", "table.exclude.list", "max.batch.size"])).toBe(guess);
  });

  test("two that are about as near are both named", () => {
    expect(didYouMean("custom", ["customs", "customer", "orders"])).toBe(" Did you mean customs or customer?");
  });

  test("a slip of two neighbours is one edit", () => {
    expect(editDistance("bacth", "batch")).toBe(1);
  });

  test("distance: zero only for the same, the same in both directions, and never above the longer word", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  test("nothing is near among nothing", () => {
    expect(nearest("x", [])).toEqual([]);
  });
});

test("an unknown value is found wherever it is", () => {
  expect([UNKNOWN, `a${UNKNOWN}b`, { a: [{ b: UNKNOWN }] }].map(hasUnknown)).toEqual([true, true, true]);
  expect(["x", undefined, null, 1, {}].map(hasUnknown)).toEqual([false, false, false, false, false]);
});
