import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { temporaryFolder } from "../../program/temporary-folder.cjs";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "cdc-folders-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

test("what a killed run has left is taken away by the next; what goes on, and all other folders, stay", () => {
  const ended = spawnSync(process.execPath, ["--version"]).pid;
  const others = [
    `cdc-temp-${process.pid}-go-aB3xYz`,
    `cdc-test-${ended}-abc123`,
    `cdc-temp-${ended}`,
    "cdc-ask-aB3xYz",
  ];
  for (const name of [...others, `cdc-temp-${ended}-ask-aB3xYz`]) {
    mkdirSync(join(parent, name));
    writeFileSync(join(parent, name, "file"), "");
  }
  const made = temporaryFolder("ask", parent);
  expect(basename(made)).toMatch(new RegExp(`^cdc-temp-${process.pid}-ask-\\w{6}$`));
  expect(readdirSync(parent).sort()).toEqual([...others, basename(made)].sort());
});
