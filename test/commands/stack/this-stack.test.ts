import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { thisStack } from "../../../commands/stack/this-stack";

let selected: string | Error = "";
let questions = 0;
/** Whether the CLI was asked for the name with its organisation. */
let isQualified = false;
jest.mock("../../../commands/stack/stack-outputs", () => ({
  captured: (args: string[]) => {
    questions++;
    isQualified = args.includes("--fully-qualify-stack-names");
    return selected instanceof Error ? Promise.reject(selected) : Promise.resolve(`${selected}\n`);
  },
}));

let folder: string;
const before = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "this-stack-"));
  process.env["PULUMI_BACKEND_URL"] = `file://${folder}`;
  delete process.env["PULUMI_STACK"];
  [selected, questions] = ["two", 0];
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true });
});

function states(...names: string[]): void {
  const place = join(folder, ".pulumi", "stacks", "cdc");
  mkdirSync(place, { recursive: true });
  for (const name of names) writeFileSync(join(place, name), "{}");
}

test("the only stack of a folder needs no question, nor does one that the environment names", async () => {
  states("one.json", "one.json.bak");
  expect(await thisStack()).toBe("cdc-one");
  states("two.json");
  process.env["PULUMI_STACK"] = "organization/cdc/three";
  expect([await thisStack(), questions]).toEqual(["cdc-three", 0]);
});

test("of several it is the one that was selected when the run began, whatever is selected later", async () => {
  states("one.json", "two.json.gz");
  expect(await thisStack()).toBe("cdc-two");
  selected = "one";
  expect(await thisStack()).toBe("cdc-two");
  expect(process.env["PULUMI_STACK"]).toBe("two");
});

test("one of an organisation goes into the environment with it: the bare name would be one of the person's own", async () => {
  selected = "acme/cdc/dev";
  expect(await thisStack()).toBe("cdc-dev");
  expect([process.env["PULUMI_STACK"], isQualified]).toEqual(["acme/cdc/dev", true]);
});

test.each([["no stack selected", ""] as const, ["no CLI that answers", new Error("killed")] as const])(
  "with %s no stack is taken for the one that is meant",
  async (_what, says) => {
    states("dev.json", "two.json");
    selected = says;
    await expect(thisStack()).rejects.toThrow(/names none as selected: `npm run pulumi -- stack select NAME`, or/);
  },
);
