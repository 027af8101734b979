import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Lock } from "../../../commands/processes/lock";

describe("the lock", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cdc-lock-"));
    file = join(folder, "below", "lock");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("is taken, and gone when released", () => {
    const lock = Lock.take("benchmark", file);
    expect(readFileSync(file, "utf8")).toBe(String(process.pid));
    lock.release();
    expect(() => readFileSync(file)).toThrow();
  });

  test("is refused while its holder lives", () => {
    Lock.take("benchmark", file).release();
    writeFileSync(file, "4711");
    expect(() => Lock.take("benchmark", file, () => true)).toThrow(
      "Another benchmark runs from this folder (process 4711)",
    );
  });

  test("is taken over from a run that was killed", () => {
    Lock.take("benchmark", file).release();
    writeFileSync(file, "4711");
    Lock.take("benchmark", file, () => false);
    expect(readFileSync(file, "utf8")).toBe(String(process.pid));
  });

  test("of somebody else is left alone", () => {
    const lock = Lock.take("benchmark", file);
    writeFileSync(file, "4711");
    lock.release();
    expect(readFileSync(file, "utf8")).toBe("4711");
  });
});
