import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { rangeFile } from "../../../../consumer/delivery/crash/range-file";

const directory = mkdtempSync(join(tmpdir(), "ranges-"));
afterAll(() => rmSync(directory, { recursive: true }));

const program = join(directory, "consumer.js");
const RANGES = { "cdctest.public.a/0": { from: 5, to: 7, ends: 2, apart: 0 } };
const warnings: string[] = [];
const open = (group: string) => rangeFile(directory, group, program, (message) => warnings.push(message));

test("what was at hand is known in the next life of the same program, and of the same group", () => {
  writeFileSync(program, "let it = 1;");
  expect(open("a/b").load()).toEqual({});
  open("a/b").save(RANGES);
  const next = open("a/b");
  expect(next.load()).toEqual(RANGES);
  next.save({});
  expect(open("a/b").load()).toEqual({});
  expect(open("another").load()).toEqual({});
});

test("another version of the program does not get it: the fault may be fixed", () => {
  writeFileSync(program, "let it = 1;");
  open("mended").save(RANGES);
  writeFileSync(program, "let it = 2;");
  expect(open("mended").load()).toEqual({});
  expect(warnings).toEqual([]);
});

test("a folder that cannot be written is reported once, and nothing is kept", () => {
  const store = rangeFile(program, "group", program, (message) => warnings.push(message));
  store.save(RANGES);
  store.save(RANGES);
  expect(store.load()).toEqual({});
  expect(warnings).toEqual([expect.stringContaining("records that end the process cannot be found: ")]);
});
