import { spawn } from "node:child_process";
import { expect, test } from "@jest/globals";
import { findingsOf } from "../../commands/look/findings";
import { lookJson } from "../../commands/look/json";
import { colored, plain } from "../../commands/terminal/paint";
import { parseOptions } from "../../commands/look/look-options";
import { screen } from "../../commands/look/screen";
import { UsageError } from "../../commands/terminal/usage";
import { connector, containers, stackLook } from "../support/fakes/stack-look";

const stopped = stackLook({
  containers: containers({ connect: { state: "exited", exitCode: 143, endedAt: "2026-01-02T11:57:00Z" } }),
  connectors: "its container is exited",
});

test("the screen has a line for each part under its heading, the remedy below each fault, and a verdict at the end", () => {
  const lines = screen("cdc-dev", findingsOf(stopped), plain).split("\n");
  expect(lines.slice(0, 7)).toEqual([
    "Containers        ✓ postgres                  running for 10 min, healthy",
    "                  ✓ zookeeper                 running for 10 min, healthy",
    "                  ✓ kafka                     running for 10 min, healthy",
    "                  ✗ connect                   stopped 3 min ago, exit code 143",
    "                                              → docker start cdc-dev-connect",
    "                  ✓ consumer                  running for 10 min, healthy",
    "Database          ✓ 127.0.0.1:55432           PostgreSQL 17.10, wal_level logical",
  ]);
  expect(lines.at(-2)).toBe("cdc-dev is not well.");
  expect(screen("cdc-dev", findingsOf(stackLook()), plain)).toMatch(/\ncdc-dev is well\.\n$/);
});

test("it fits on a screen", () => {
  expect(screen("cdc-dev", findingsOf(stackLook()), plain).split("\n").length).toBeLessThanOrEqual(24);
});

test("no name that somebody chose steers the terminal", () => {
  const evil = "a\u001b[2J\n";
  const look = stackLook({ connectors: [connector(), connector({ name: evil })] });
  expect(screen("cdc-dev", findingsOf(look), plain)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(screen("cdc-dev", findingsOf(look), colored)).toContain("\u001b[32m✓\u001b[0m");
});

test("as data: the same findings, and no settings or configs, which may hold secrets", () => {
  const json = lookJson(stopped, findingsOf(stopped));
  expect(json).toMatchObject({ stack: "cdc-dev", at: "2026-01-02T12:00:00.000Z", healthy: false, connectors: null });
  expect(json.findings).toContainEqual({
    heading: "Containers",
    about: "connect",
    mark: "bad",
    text: "stopped 3 min ago, exit code 143",
    remedy: "docker start cdc-dev-connect",
  });
  const whole = JSON.stringify(lookJson(stackLook(), findingsOf(stackLook())));
  expect(whole).not.toMatch(/POSTGRES_USER|topic\.prefix/);
  expect(JSON.parse(whole)).toMatchObject({
    deadLetters: 0,
    connectors: [{ name: "customer-cdc", state: "RUNNING", tasks: [{ id: 0, state: "RUNNING" }] }],
    slots: [{ name: "cdc_dev_customer_cdc", active: true, keptBytes: 2048 }],
    topics: [{ topic: "cdctest.public.customers", behind: 0 }, { topic: "cdctest.dead-letters" }, {}],
  });
});

test.each([
  [["--jsn"], "Unknown option '--jsn'; allowed are --stack, --json, --help. Did you mean --json?"],
  [["dev"], /^Unexpected argument 'dev'.*; allowed are --stack, --json, --help$/],
  [["--stack", "a b"], '--stack is "a b"; allowed is the name of a stack, as in dev'],
])("the arguments %j are refused", (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});

test("as a command: help, and a wrong option in one sentence with 2", async () => {
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, ["toolchain/look.mjs", "status", ...args]);
    const said = { out: "", err: "" };
    child.stdout.on("data", (data) => (said.out += String(data)));
    child.stderr.on("data", (data) => (said.err += String(data)));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, ...said };
  };
  expect(await run("--help")).toEqual({ code: 0, err: "", out: expect.stringContaining("--stack NAME") });
  expect(await run("--jsn")).toEqual({
    code: 2,
    out: "",
    err: "Unknown option '--jsn'; allowed are --stack, --json, --help. Did you mean --json?\n",
  });
});
