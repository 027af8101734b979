import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { abandonedStacks, noteOwner, takeOver } from "../../../commands/stack/abandoned";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "abandoned-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const stack = (prefix: string): string => {
  const backend = join(folder, prefix);
  noteOwner(backend);
  return backend;
};
const prefixes = (alive: boolean): string[] => abandonedStacks(folder, () => alive).map(({ prefix }) => prefix);

test("a stack is left alone as long as its run goes on, and abandoned afterwards", () => {
  stack("cdc-test-tables-1a2b3c");
  expect(prefixes(true)).toEqual([]);
  expect(abandonedStacks(folder)).toEqual([]);
  expect(prefixes(false)).toEqual(["cdc-test-tables-1a2b3c"]);
});

test("after the machine was started again no run goes on, whatever has the process's id now", () => {
  const backend = stack("cdc-chaos-1a2b3c");
  writeFileSync(join(backend, "owner.json"), JSON.stringify({ pid: process.pid, boot: "earlier", checkout: "/gone" }));
  expect(prefixes(true)).toEqual(["cdc-chaos-1a2b3c"]);
});

test("what has no such note or no such name is nobody's to remove", () => {
  mkdirSync(join(folder, "cdc-test-tables-1a2b3c"));
  stack("cdc-dev");
  stack("somebody-elses-1a2b3c");
  expect(prefixes(false)).toEqual([]);
});

test("of two runs that find it, one takes it over, and is its owner from then on", () => {
  stack("cdc-test-tables-1a2b3c");
  const both = [0, 0].flatMap(() => abandonedStacks(folder, () => false));
  expect(both.map(takeOver)).toEqual([true, false]);
  expect(abandonedStacks(folder)).toEqual([]);
});

test("what one run has removed, another does not make again", () => {
  const backend = stack("cdc-test-tables-1a2b3c");
  const [found] = abandonedStacks(folder, () => false);
  rmSync(backend, { recursive: true });
  expect(takeOver(found!)).toBe(false);
  expect(existsSync(backend)).toBe(false);
});
