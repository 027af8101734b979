import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missedFile } from "../../../../consumer/feed/watch/missed-file";

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), "missed-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const NOTHING = { missed: null, told: null };

test("what one process has seen of a slot the next one knows, and not of another slot", () => {
  expect(missedFile(directory, "s").load()).toEqual(NOTHING);
  missedFile(directory, "s").save({ missed: null, told: 5 });
  expect(missedFile(directory, "s").load()).toEqual({ missed: null, told: 5 });
  const known = { missed: { sentence: "all is lost", to: 7 }, told: 5 };
  missedFile(directory, "s").save(known);
  expect(missedFile(directory, "s").load()).toEqual(known);
  expect(missedFile(directory, "other").load()).toEqual(NOTHING);
});

test("a file of an earlier version is read, and a file that was cut off is ignored", () => {
  const file = join(directory, "missed.json");
  writeFileSync(file, JSON.stringify({ slotName: "s", sentence: "all is lost", to: 7 }));
  expect(missedFile(directory, "s").load()).toEqual({ missed: { sentence: "all is lost", to: 7 }, told: null });
  writeFileSync(file, "null");
  expect(missedFile(directory, "s").load()).toEqual(NOTHING);
  writeFileSync(file, '{"slotName":');
  expect(missedFile(directory, "s").load()).toEqual(NOTHING);
});

test("a process without a folder of its own remembers nothing", () => {
  missedFile(null, "s").save({ missed: null, told: 5 });
  expect(missedFile(null, "s").load()).toEqual(NOTHING);
});

test("a save that fails half-way leaves what was known before", () => {
  const known = { missed: { sentence: "all is lost", to: 7 }, told: 5 };
  missedFile(directory, "s").save(known);
  expect(readdirSync(directory)).toEqual(["missed.json"]);
  // Nothing can be written there, as on a full disk.
  mkdirSync(join(directory, "missed.json.draft"));
  missedFile(directory, "s").save({ missed: null, told: 9 });
  expect(missedFile(directory, "s").load()).toEqual(known);
});
