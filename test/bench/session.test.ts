import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Lock } from "../../commands/bench/lock";
import { measuresOf, needsRounds, turn } from "../../commands/bench/session";

test("another contestant is first in each round", () => {
  expect([0, 1, 2, 3].map((by) => turn(["a", "b", "c"], by).join(""))).toEqual(["abc", "bca", "cab", "abc"]);
  expect(turn([], 2)).toEqual([]);
});

test("the others climb the ladder in the first round only", () => {
  const all = ["drain", "sustained"] as const;
  expect([...measuresOf("stock", 1, all)]).toEqual(["drain", "sustained"]);
  expect([...measuresOf("stock", 2, all)]).toEqual(["drain"]);
  expect([...measuresOf("ours", 2, all)]).toEqual(["drain", "sustained"]);
});

test("sizes of images and growth need no start of their own", () => {
  expect(needsRounds(["images", "growth"])).toBe(false);
  expect(needsRounds(["images", "noop"])).toBe(true);
});

describe("the lock", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bench-lock-"));
    file = join(folder, "below", "lock");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("is taken, and gone when released", () => {
    const lock = Lock.take(file);
    expect(readFileSync(file, "utf8")).toBe(String(process.pid));
    lock.release();
    expect(() => readFileSync(file)).toThrow();
  });

  test("is refused while its holder lives", () => {
    Lock.take(file).release();
    writeFileSync(file, "4711");
    expect(() => Lock.take(file, () => true)).toThrow("Another benchmark runs from this folder (process 4711)");
  });

  test("is taken over from a run that was killed", () => {
    Lock.take(file).release();
    writeFileSync(file, "4711");
    Lock.take(file, () => false);
    expect(readFileSync(file, "utf8")).toBe(String(process.pid));
  });

  test("of somebody else is left alone", () => {
    const lock = Lock.take(file);
    writeFileSync(file, "4711");
    lock.release();
    expect(readFileSync(file, "utf8")).toBe("4711");
  });
});
