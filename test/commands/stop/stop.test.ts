import { expect, jest, test } from "@jest/globals";
import { heeding } from "../../../commands/processes/signals";

/** A destroy that Ctrl-C ends half-way: Pulumi's exit code is 0, and the stack still exists. */
jest.mock("../../../commands/stack/stack-outputs", () => ({
  pulumi: () =>
    heeding(
      () => undefined,
      () => Promise.resolve(process.emit("SIGINT", "SIGINT")),
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
jest.mock("../../../commands/start/namesakes", () => ({ rejectOthers: () => undefined }));
jest.mock("../../../commands/start/interrupted", () => ({
  recover: () => Promise.resolve(),
  onceFree: (run: () => Promise<number>) => run(),
}));
jest.mock("../../../commands/stack/this-stack", () => ({ thisStack: () => Promise.resolve("cdc-dev") }));
jest.mock("../../../commands/stack/local-backend", () => ({ stateResources: () => [] }));
jest.mock("../../../commands/stop/strangers", () => ({ strangersOf: () => Promise.resolve([]) }));
jest.mock("../../../commands/stop/stuck-networks", () => ({}));
jest.mock("../../../commands/start/take-over", () => ({ leftOver: () => Promise.resolve("nobody knows of them") }));

test("a stop that Ctrl-C has ended says that, and nothing of what it has left", async () => {
  const said: string[] = [];
  jest.spyOn(console, "error").mockImplementation((text: string) => void said.push(text));
  await import("../../../commands/stop");
  expect(await main()).toBe(130);
  expect(said).toEqual(["\nEnded by SIGINT. `npm stop` goes on from here."]);
});
