import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { stackUrl } from "../../commands/watch/stack-url";

/** What the CLI answers, or how it fails. */
let answer: string | object;
jest.mock("node:child_process", () => ({
  ...jest.requireActual<object>("node:child_process"),
  execFile: (_file: string, _args: string[], _options: object, told: (...said: unknown[]) => void) => {
    if (typeof answer === "string") told(null, { stdout: `${answer}\n`, stderr: "" });
    else told(Object.assign(new Error("Command failed: pulumi stack"), answer));
  },
}));

const notices: string[] = [];
const ask = () => stackUrl((text) => void notices.push(text));
const before = { ...process.env };
beforeEach(() => {
  notices.length = 0;
  delete process.env["PULUMI_STACK"];
});
afterEach(() => {
  process.env = { ...before };
});

const NONE = { code: 255, stderr: "error: no stack selected; please use `pulumi stack select`\n" };

test("it is the stack's output", async () => {
  answer = "http://127.0.0.1:9099/";
  expect([await ask(), notices]).toEqual(["http://127.0.0.1:9099", []]);
});

test.each([
  ["without a CLI", { code: "ENOENT" }],
  ["without a stack", NONE],
])("%s it is a guess, which is told", async (_what, failure) => {
  answer = failure;
  expect(await ask()).toBe("http://127.0.0.1:8088");
  expect(notices).toEqual([
    "No stack is known here, so whichever consumer answers at http://127.0.0.1:8088 is taken; --url names another",
  ]);
});

test.each([
  [
    "is not up",
    { code: 255, stderr: "error: current stack does not have output property 'feedUrl'\n" },
    /^The stack has no feed to show: it is not up \(`npm start`\), or .*--url names/,
  ],
  ["cannot be asked in time", { killed: true }, /the Pulumi CLI does not say it within 20 s\. --url names/],
  ["cannot be read", { code: 255, stderr: "error: passphrase must be set\n" }, /says "error: passphrase must be set"/],
])("of a stack that %s nothing is guessed: another stack's consumer may be there", async (_what, failure, says) => {
  answer = failure;
  await expect(ask()).rejects.toThrow(says);
  expect(notices).toEqual([]);
});

test("of a stack that the person has named nothing is guessed", async () => {
  process.env["PULUMI_STACK"] = "three";
  answer = { code: 255, stderr: "error: no stack selected\n" };
  await expect(ask()).rejects.toThrow('says "error: no stack selected"');
});
