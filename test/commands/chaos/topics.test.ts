import { expect, test } from "@jest/globals";
import { toldOf } from "../../../commands/chaos/reckon/topic-versions";

const row = (version: number) => ({ id: 1, version, note: "n" });

test.each([
  ["a created row", { op: "c", before: null, after: row(5) }, "5"],
  ["an update", { op: "u", before: row(5), after: row(6) }, "6"],
  ["a deletion", { op: "d", before: row(6), after: null }, "d6"],
  ["a row of a snapshot", { op: "r", before: null, after: row(6) }, "6"],
  ["a TRUNCATE", { op: "t", before: null, after: null }, "t741"],
])("%s is known by its version", (_what, envelope, version) => {
  const value = Buffer.from(JSON.stringify({ ...envelope, source: { txId: 741 } }));
  expect(toldOf({ value, timestamp: "1792000000000" })).toEqual({ version, at: 1792000000000 });
});

test("a tombstone and a message tell of no row", () => {
  expect(toldOf({ value: null, timestamp: "0" })).toBeUndefined();
  const message = { op: "m", before: null, after: null, source: { txId: null } };
  expect(toldOf({ value: Buffer.from(JSON.stringify(message)), timestamp: "0" })).toBeUndefined();
});
