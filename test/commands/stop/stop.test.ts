import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { CONTAINER, type Resource, VOLUME } from "../../../commands/stack/deployment";
import { heeding } from "../../../commands/processes/signals";
import { resource } from "../start/resource";

let known: Resource[] = [];
/** A destroy that ends well, or that Ctrl-C ends half-way: Pulumi's exit code is 0 then too, and the stack still exists. */
let isEnded = false;
const run: string[][] = [];
jest.mock("../../../commands/stack/stack-outputs", () => ({
  pulumi: (args: string[], variables: Record<string, string> = {}) =>
    heeding(
      () => undefined,
      () =>
        Promise.resolve(
          run.push([...args, ...Object.entries(variables).map((each) => each.join("="))]) &&
            isEnded &&
            process.emit("SIGINT", "SIGINT"),
        ),
    ).then(() => 0),
}));
let main: () => Promise<number>;
jest.mock("../../../commands/terminal/main", () => ({
  runMain: (given: () => Promise<number>) => {
    main = given;
  },
}));
jest.mock("../../../commands/start/arguments", () => ({
  checkArguments: () => undefined,
  isHelp: () => false,
  isYes: (args: string[]) => args.includes("--yes"),
}));
/** An engine that has nothing of the stack. */
const NOTHING = { labelled: new Map(), containers: new Map(), networkIds: new Set(), volumeNames: new Set() };
jest.mock("../../../commands/start/inventory", () => ({ inventory: () => Promise.resolve(NOTHING) }));
jest.mock("../../../commands/processes/docker", () => ({ docker: () => Promise.resolve("unix:///run/other.sock") }));
jest.mock("../../../commands/start/copies", () => ({ rejectCopies: () => Promise.resolve() }));
jest.mock("../../../commands/start/namesakes", () => ({ rejectOthers: () => undefined, namesakesIn: () => [] }));
jest.mock("../../../commands/start/interrupted", () => ({
  recover: () => Promise.resolve(),
  onceFree: (run: () => Promise<number>) => run(),
}));
jest.mock("../../../commands/stack/this-stack", () => ({ thisStack: () => Promise.resolve("cdc-dev") }));
jest.mock("../../../commands/stack/known-resources", () => ({ knownResources: () => Promise.resolve(known) }));
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
  known = [];
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

test("that what does not answer is gone for good is told to the providers, and not to Pulumi", async () => {
  await stop("--gone");
  expect(run).toEqual([["destroy", "--yes", "--skip-preview", "CDC_GONE=true"]]);
});

test("a stop that Ctrl-C has ended says that, and nothing of what it has left", async () => {
  isEnded = true;
  expect(await stop()).toBe(130);
  expect(said).toEqual(["\nEnded by SIGINT. `npm stop` goes on from here."]);
});

describe("of a stack that the state knows the engine has nothing", () => {
  const isTTY = process.stdin.isTTY;
  const host = process.env["DOCKER_HOST"];
  beforeEach(() => {
    process.stdin.isTTY = false;
    delete process.env["DOCKER_HOST"];
    known = [
      resource(CONTAINER, "4711", "cdc-dev-kafka"),
      resource(VOLUME, "cdc-dev-kafka-data", "cdc-dev-kafka-data"),
    ];
  });
  afterEach(() => {
    process.stdin.isTTY = isTTY;
    if (host !== undefined) process.env["DOCKER_HOST"] = host;
  });

  test("it may run on in another engine: nothing is forgotten unasked, and the text names the engine and both ways on", async () => {
    await expect(stop()).rejects.toThrow("Nobody is there to be asked; `npm stop -- --yes` says that it is meant");
    expect(said[0]).toMatch(
      /^This folder's state knows 2 containers, .* of cdc-dev, and the Docker engine unix:\/\/\/run\/other\.sock has none of them\..*`docker context use …`.*`npm stop -- --yes` empties the state\.$/,
    );
    expect(run).toEqual([]);
  });

  test.each([["--yes"], ["--remove"]])("%s says that it is gone", async (option) => {
    await stop(option);
    expect(run).toHaveLength(1);
    expect(said[0]).toContain("the stack runs on in the other one, and only this state knows it");
  });

  test("a stop that was ended half-way has removed all containers, and goes on without a question", async () => {
    known = known.slice(1);
    await stop();
    expect(run).toHaveLength(1);
  });
});
