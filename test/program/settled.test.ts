import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { settled } from "../../program/settled";

let said: string[];
beforeEach(() => {
  said = [];
  jest.spyOn(pulumi.log, "error").mockImplementation((text) => {
    said.push(text);
    return Promise.resolve();
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

/** What Node does when nothing is left that it could wait for. */
const nothingIsLeft = () => process.emit("beforeExit", 0);

test("a program whose work stays open fails, and says what it was at", async () => {
  void settled("looked at this machine", () => new Promise(() => {}));
  nothingIsLeft();
  nothingIsLeft();
  expect(process.exitCode).toBe(32);
  expect(said).toEqual([expect.stringMatching(/^The program ended while it looked at this machine: .* Nothing was/)]);
});

test.each([
  ["done", () => Promise.resolve(1)],
  ["failed, which Pulumi reports", () => Promise.reject(new Error("no"))],
])("work that is %s is no failure of its own", async (_how, work: () => Promise<unknown>) => {
  await settled("looked at this machine", work).catch(() => undefined);
  nothingIsLeft();
  expect(process.exitCode).toBeUndefined();
  expect(said).toEqual([]);
});
