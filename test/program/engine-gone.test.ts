/** A `kill -9` of Pulumi's CLI ends nothing that the CLI has started. What this project runs there ends by itself. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { freePorts } from "../../commands/processes/free-ports";
import { providerText } from "../../program/dynamic/dynamic-resource";

/** Long after the process has to have ended, in milliseconds. */
const LATE_MS = 40_000;

interface Ended {
  code: unknown;
  said: string;
}

/** Runs Node to its end. @returns `SIGKILL` as the code where it did not end in time */
function ended(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  // The tests themselves are run with the lean SDK preloaded.
  const options = {
    env: { ...process.env, NODE_OPTIONS: "", ...env },
    timeout: LATE_MS,
    killSignal: "SIGKILL" as const,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ code: error?.signal ?? error?.code ?? 0, said: stdout + stderr }),
    );
  });
}

test("a program whose engine was killed before the program had reached it ends, with the reason", async () => {
  const { runtime } = parse(readFileSync("Pulumi.yaml", "utf8")) as { runtime: { options: { nodeargs: string } } };
  const [closed] = await freePorts(1);
  const address = `127.0.0.1:${closed}`;
  const run = ["node_modules/@pulumi/pulumi/cmd/run/index.js", "--monitor", address, "--engine", address];
  const stack = ["--organization", "organization", "--project", "cdc", "--stack", "gone", "--pwd", process.cwd(), "."];
  const { code, said } = await ended([...runtime.options.nodeargs.split(" "), ...run, ...stack], {
    PULUMI_CONFIG: "{}",
    PULUMI_CONFIG_SECRET_KEYS: "[]",
  });
  expect(said).toContain("UNAVAILABLE");
  expect(code).toBe(32);
}, 60_000);

test.each(["components/capture/capture-provider", "components/connector/connector-provider"])(
  "the process of %s ends once its engine is gone",
  async (entry) => {
    const [closed] = await freePorts(1);
    const waits = `require("require-from-string")(process.argv[1]).handler(); setInterval(() => {}, 1000)`;
    const { code } = await ended(["-e", waits, "--", await providerText(entry), `127.0.0.1:${closed}`]);
    expect(code).toBe(1);
  },
  60_000,
);
