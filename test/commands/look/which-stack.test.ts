import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { readDeclared } from "../../../commands/doctor/applied-settings";
import type { ContainerLook } from "../../../commands/look/containers-look";
import { withElsewhere } from "../../../commands/look/elsewhere";
import { whichStack } from "../../../commands/look/which-stack";
import { cliName } from "../../../commands/stack/stack-names";

/** What the CLI answers, or how it fails, and the time that it was given for each question. */
let answer: string | object = "";
const given: number[] = [];
const asked: string[][] = [];
jest.mock("node:child_process", () => ({
  ...jest.requireActual<object>("node:child_process"),
  execFile: (_file: string, args: string[], { timeout }: { timeout: number }, told: (...said: unknown[]) => void) => {
    given.push(timeout);
    asked.push(args);
    if (typeof answer === "string") told(null, { stdout: `${answer}\n`, stderr: "" });
    else told(Object.assign(new Error("Command failed: pulumi stack"), answer));
  },
}));

const NONE = { code: 1, stderr: "error: no stack selected; please use `pulumi stack select` or `pulumi stack init`\n" };
const MISSING = { code: "ENOENT" };
const present = (...prefixes: string[]) => Promise.resolve(prefixes);

let folder: string;
const before = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "which-stack-"));
  process.env["PULUMI_BACKEND_URL"] = `file://${folder}`;
  delete process.env["PULUMI_STACK"];
  given.length = asked.length = 0;
  answer = "two";
  states("dev.json", "two.json");
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true, force: true });
});

function states(...names: string[]): void {
  const place = join(folder, ".pulumi", "stacks", "cdc");
  mkdirSync(place, { recursive: true });
  for (const name of names) writeFileSync(join(place, name), "{}");
}

test("the CLI is given ten seconds to name the stack that is selected, also where the containers are another's", async () => {
  expect(await whichStack(undefined, present("cdc-dev"))).toBe("cdc-two");
  expect(given).toEqual([10_000]);
});

test("an organisation that the CLI or the person says is no part of the containers' names, and goes to the CLI", async () => {
  answer = "acme/cdc/two";
  expect(await whichStack(undefined, present("cdc-dev"))).toBe("cdc-two");
  expect(asked.at(-1)).toContain("--fully-qualify-stack-names");
  expect([cliName("two"), cliName("dev")]).toEqual(["acme/cdc/two", "dev"]);
  expect(await whichStack("acme/cdc/three", present("cdc-dev"))).toBe("cdc-three");
  expect(cliName("three")).toBe("acme/cdc/three");
});

test("what a look reads from the state is asked with the organisation, also where the person named the bare name", async () => {
  process.env["PULUMI_BACKEND_URL"] = "https://api.pulumi.com";
  process.env["PULUMI_STACK"] = "acme/cdc/two";
  answer = "{}";
  await readDeclared("cdc-two", 1000);
  await withElsewhere("cdc-two", [{ service: "kafka", state: "missing" } as ContainerLook]);
  expect(asked.map((args) => args[args.indexOf("--stack") + 1])).toEqual(["acme/cdc/two", "acme/cdc/two"]);
});

test.each([
  ["that is too slow", { killed: true, signal: "SIGTERM" }, "does not say within 10 s which one is selected"],
  [
    "that fails",
    { code: 255, stderr: "warning: old\nerror: unable to open state directory\n" },
    'says "error: unable to open state directory"',
  ],
])("no stack is taken for the one that is meant by a CLI %s", async (_which, failure, says) => {
  answer = failure;
  for (const prefixes of [[], ["cdc-dev"], ["cdc-dev", "cdc-two"]]) {
    await expect(whichStack(undefined, present(...prefixes))).rejects.toThrow(
      `Which stack is meant is not known, since the Pulumi CLI ${says}. Name it: --stack NAME, or PULUMI_STACK=NAME before the command.`,
    );
  }
});

test.each([
  ["none is selected", NONE],
  ["there is no CLI", MISSING],
])("where %s, it is the only one that has containers, and dev of several", async (_what, failure) => {
  answer = failure;
  expect(await whichStack(undefined, present("cdc-two", "other-dev"))).toBe("cdc-two");
  expect(await whichStack(undefined, present("cdc-two", "cdc-three"))).toBe("cdc-dev");
});

test("the CLI is not asked where the person or the environment names the stack, or where there is one or no backend", async () => {
  answer = { killed: true };
  expect(await whichStack("three", present("cdc-dev"))).toBe("cdc-three");
  process.env["PULUMI_STACK"] = "organization/cdc/four";
  expect(await whichStack(undefined, present("cdc-dev"))).toBe("cdc-four");
  delete process.env["PULUMI_STACK"];
  rmSync(folder, { recursive: true });
  // A new clone: the CLI would fail.
  expect(await whichStack(undefined, present("cdc-two"))).toBe("cdc-two");
  states("one.json", "one.json.bak");
  expect(await whichStack(undefined, present("cdc-two", "cdc-one"))).toBe("cdc-one");
  expect(given).toEqual([]);
});
