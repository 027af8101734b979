import { expect, jest, test } from "@jest/globals";
import { heeding } from "../../../commands/processes/signals";
import { bringUp } from "../../../commands/start/bring-up";

/** An `up` of a stack whose stop was ended half-way. It fails, the second time with Ctrl-C. */
let ups = 0;
let code = 255;
jest.mock("../../../commands/start/up", () => ({
  up: () => {
    ups++;
    const work = () => Promise.resolve(ups > 1 && process.emit("SIGINT", "SIGINT"));
    return heeding(() => undefined, work).then(() => code);
  },
}));

/** Whether another run has the stack. That run ends while this one waits for it. */
let held = false;
jest.mock("../../../commands/start/interrupted", () => ({
  recover: () => Promise.resolve((held = held && gone === 0)),
  isHeld: () => held,
  onceFree: (run: () => Promise<number>) => run(),
}));
/** How many times missing objects were to be removed from the state. That fails while another run has the stack. */
let gone = 0;
jest.mock("../../../commands/live/marker", () => ({ removeEdited: () => Promise.resolve() }));
jest.mock("../../../commands/start/gone", () => ({
  forgetGone: () => (++gone && held ? Promise.reject(new Error("the stack is currently locked")) : Promise.resolve()),
}));
jest.mock("../../../commands/start/gone-topics", () => ({ forgetGoneTopics: () => Promise.resolve() }));
jest.mock("../../../commands/start/unseen-topics", () => ({ hasUnseenTopics: () => true }));
jest.mock("../../../commands/stack/this-stack", () => ({ thisStack: () => Promise.resolve("cdc-dev") }));
jest.mock("../../../commands/stack/local-backend", () => ({ stateResources: () => [] }));

test("a failure that may pass is tried once more, and one that Ctrl-C has brought is not", async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  expect(await bringUp([])).toBe(255);
  expect(ups).toBe(2);
  expect(await bringUp([])).toBe(255);
  expect(ups).toBe(3);
});

test("one that Ctrl-C has ended is not said to have come to its end, though the CLI says so: the command is named", async () => {
  const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
  code = 0;
  expect(await bringUp([], {}, "npm run rebuild")).toBe(130);
  expect(said).toHaveBeenLastCalledWith("\nEnded by SIGINT. `npm run rebuild` goes on from here.");
  code = 255;
});

test("of two starts at once, the one that finds the stack locked begins again once it is free", async () => {
  [held, gone] = [true, 0];
  expect(await bringUp([])).toBe(255);
  expect(gone).toBe(2);
});
