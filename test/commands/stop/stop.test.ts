import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { heeding } from "../../../commands/processes/signals";

/** A destroy that ends well, or that Ctrl-C ends half-way: Pulumi's exit code is 0 then too, and the stack still exists. */
let isEnded = false;
const run: string[][] = [];
jest.mock("../../../commands/stack/stack-outputs", () => ({
  pulumi: (args: string[]) =>
    heeding(
      () => undefined,
      () => Promise.resolve(run.push(args) && isEnded && process.emit("SIGINT", "SIGINT")),
    ).then(() => 0),
}));
let main: () => Promise<number>;
jest.mock("../../../commands/terminal/main", () => ({
  runMain: (given: () => Promise<number>) => {
    main = given;
  },
}));
jest.mock("../../../commands/start/arguments", () => ({ checkArguments: () => undefined, isHelp: () => false }));
jest.mock("../../../commands/start/inventory", () => ({ inventory: () => Promise.resolve({ labelled: new Map() }) }));
jest.mock("../../../commands/start/copies", () => ({ rejectCopies: () => Promise.resolve() }));
jest.mock("../../../commands/start/namesakes", () => ({ rejectOthers: () => undefined, namesakesIn: () => [] }));
jest.mock("../../../commands/start/interrupted", () => ({
  recover: () => Promise.resolve(),
  onceFree: (run: () => Promise<number>) => run(),
}));
jest.mock("../../../commands/stack/this-stack", () => ({ thisStack: () => Promise.resolve("cdc-dev") }));
jest.mock("../../../commands/stack/known-resources", () => ({ knownResources: () => Promise.resolve([]) }));
jest.mock("../../../commands/stop/strangers", () => ({ strangersOf: () => Promise.resolve([]) }));
jest.mock("../../../commands/stop/stuck-networks", () => ({}));
let removed = 0;
jest.mock("../../../commands/start/take-over", () => ({
  leftOver: () => Promise.resolve("nobody knows of them"),
  removeAll: () => Promise.resolve(removed++),
}));

const said: string[] = [];
const argv = process.argv;
beforeEach(async () => {
  said.length = run.length = removed = 0;
  jest.spyOn(console, "error").mockImplementation((text: string) => void said.push(text));
  await import("../../../commands/stop");
});
afterEach(() => {
  process.argv = argv;
});
function stop(...args: string[]): Promise<number> {
  process.argv = [...argv.slice(0, 2), ...args];
  return main();
}

test.each([["--target", "**:Connector::*"], ["--target=**:Connector::*"], ["-t", "**:Connector::*"]])(
  "a part of the stack is taken away, and the rest is not said to be left over: %s",
  async (...args) => {
    expect(await stop(...args)).toBe(0);
    expect(run).toEqual([["destroy", "--yes", "--skip-preview", ...args]]);
    expect(said).toEqual([]);
  },
);

test("what is left when all should have gone is told, and makes the stop a failure", async () => {
  expect(await stop()).toBe(1);
  expect(said).toEqual(["nobody knows of them"]);
});

test("--remove, which means all, does not take all away where --target means a part", async () => {
  await expect(stop("--remove", "--target", "**:Connector::*")).rejects.toThrow(/leave one of the two out/);
  expect([run, removed]).toEqual([[], 0]);
});

test("a stop that Ctrl-C has ended says that, and nothing of what it has left", async () => {
  isEnded = true;
  expect(await stop()).toBe(130);
  expect(said).toEqual(["\nEnded by SIGINT. `npm stop` goes on from here."]);
});
