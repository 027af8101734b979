import fs, { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, jest, test } from "@jest/globals";
import { Poison } from "../../consumer/delivery/crash/poison";
import { rangeFile } from "../../consumer/delivery/crash/range-file";
import { createLog } from "../../consumer/log";
import { openStateFile } from "../../consumer/state-file";

const directory = mkdtempSync(join(tmpdir(), "state-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("a state is there in the next life, whatever its length and letters", () => {
  const file = join(directory, "state.json");
  const never = (reason: string) => expect(reason).toBe("never");
  openStateFile(file, never).save({ name: "größer als danach" });
  const first = openStateFile(file, never);
  expect(first.left).toEqual({ name: "größer als danach" });
  first.save({ name: "größer als danach" });
  first.save({ a: 1 });
  expect(openStateFile(file, never).left).toEqual({ a: 1 });
});

test("a process that is killed before it saves anything leaves what it has found", () => {
  const file = join(directory, "killed.json");
  const never = (reason: string) => expect(reason).toBe("never");
  openStateFile(file, never).save({ name: "one that is long" });
  openStateFile(file, never);
  const last = openStateFile(file, never);
  expect(last.left).toEqual({ name: "one that is long" });
  // What covers an older, longer text counts that of another process too.
  last.save({ a: 1 });
  expect(openStateFile(file, never).left).toEqual({ a: 1 });
});

describe("a full disk", () => {
  const full = () => {
    throw new Error("ENOSPC: no space left on device, write");
  };
  afterEach(() => void jest.restoreAllMocks());

  test("is told once, ends nothing, and nothing is kept from then on", () => {
    const file = join(directory, "full.json");
    const told: string[] = [];
    const state = openStateFile(file, (reason) => told.push(reason));
    state.save({ a: 1 });
    jest.spyOn(fs, "writeSync").mockImplementation(full);
    state.save({ a: 2 });
    state.save({ a: 3 });
    expect(told).toEqual([expect.stringContaining("ENOSPC")]);
    expect(fs.readFileSync(file, "utf8")).toBe("");
  });

  test("is told where it takes a part of the text", () => {
    const told: string[] = [];
    const state = openStateFile(join(directory, "part.json"), (reason) => told.push(reason));
    jest.spyOn(fs, "writeSync").mockReturnValue(1);
    state.save({ a: 1 });
    state.save({ a: 2 });
    expect(told).toEqual([expect.stringContaining("the disk is full")]);
  });

  test("does not keep a consumer from its beginning", () => {
    jest.spyOn(fs, "writeSync").mockImplementation(full);
    const warnings: string[] = [];
    const log = createLog(
      "json",
      () => undefined,
      () => 0,
    );
    const ranges = rangeFile(directory, "g", __filename, (message) => warnings.push(message));
    expect(() => new Poison(ranges, log)).not.toThrow();
    expect(warnings).toEqual([expect.stringMatching(/^records that end the process cannot be found: .*ENOSPC/)]);
  });
});
