import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { unwritable } from "../../toolchain/environment/writable.mjs";

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdc-writable-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a folder that can be written to is no trouble, also one that is not there yet, and nothing stays in it", () => {
  const cache = join(folder, "a", "b");
  expect(unwritable(cache, "temporary files", "TMPDIR")).toBeUndefined();
  expect(readdirSync(cache)).toEqual([]);
});

test("one that cannot is named, with the variable that names another", () => {
  writeFileSync(join(folder, "file"), "");
  expect(unwritable(join(folder, "file"), "temporary files", "TMPDIR")).toEqual({
    problem: `The folder for temporary files, ${join(folder, "file")}, cannot be written to: EEXIST (mkdir).`,
    remedy: "make room or give the right to write there, or name another folder: `export TMPDIR=…`.",
  });
  // As in a home folder that is read-only.
  expect(unwritable(join(folder, "file", "cdc"), "temporary files", "TMPDIR")).toMatchObject({
    problem: expect.stringMatching(/cannot be written to: ENOTDIR \(mkdir\)\.$/),
  });
});

test("a file system in which no folder can be made is reported at once", () => {
  expect(unwritable("/proc/cdc/cache", "what outlives a checkout", "CDC_CACHE_DIR")).toEqual({
    problem: expect.stringMatching(
      /^The folder for what outlives a checkout, \/proc\/cdc\/cache, cannot be written to: E[A-Z]+ \(mkdir\)\.$/,
    ),
    remedy: expect.stringContaining("`export CDC_CACHE_DIR=…`"),
  });
});
