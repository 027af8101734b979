import { expect, jest, test } from "@jest/globals";
import { EndedError, heeding } from "../../../commands/processes/signals";
import { settleHalfMade } from "../../../commands/start/half-made";
import { up } from "../../../commands/start/up";

/** A refresh that fails by itself, or that Ctrl-C ends. */
let isEnded = false;
const run: string[] = [];
jest.mock("../../../commands/stack/stack-outputs", () => ({
  captured: () =>
    Promise.resolve(
      JSON.stringify({ deployment: { pending_operations: [{ type: "updating", resource: { urn: "urn" } }] } }),
    ),
  pulumi: ([verb = ""]: string[]) =>
    heeding(
      () => undefined,
      () => Promise.resolve(run.push(verb) && isEnded && process.emit("SIGINT", "SIGINT")),
    ).then(() => 255),
}));
const removed: string[] = [];
jest.mock("../../../commands/start/remove-broker", () => ({
  removeBroker: () => Promise.resolve(removed.push("broker")),
}));
jest.mock("node:fs", () => ({ ...jest.requireActual<object>("node:fs"), existsSync: () => true }));

test("a refresh that fails is told", async () => {
  const said = jest.spyOn(console, "error").mockReturnValue();
  await settleHalfMade();
  expect(said).toHaveBeenLastCalledWith(expect.stringContaining("The state could not be compared with what is there"));
});

test("Ctrl-C in the refresh ends the command, before what comes after it", async () => {
  jest.spyOn(console, "error").mockReturnValue();
  isEnded = true;
  await expect(settleHalfMade()).rejects.toThrow(EndedError);
  await expect(settleHalfMade()).rejects.toThrow("Ended by SIGINT. The same command goes on from here.");
});

test("Ctrl-C in a run that asks leaves the broker, also where the answer was given beforehand", async () => {
  await expect(up(["--yes"])).rejects.toThrow(EndedError);
  expect(removed).toEqual([]);
});
