import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { endLeftovers, parseCommandLine } from "../../../commands/processes/leftovers";
import { freePorts } from "../../../commands/processes/free-ports";

const RUN = "/clone/node_modules/@pulumi/pulumi/cmd/run/index.js";

test("a process of Pulumi's is known by its command line, with the engine that it works for", () => {
  const program = [
    "/usr/bin/node",
    RUN,
    "--monitor",
    "127.0.0.1:1",
    "--engine",
    "127.0.0.1:4711",
    "--stack",
    "dev",
    ".",
  ];
  expect(parseCommandLine(program)).toEqual({ what: "program", enginePort: 4711 });
  const inline = ["node", "-e", "require('@pulumi/pulumi/cmd/dynamic-provider')", "--", "127.0.0.1:4711"];
  expect(parseCommandLine(inline)).toEqual({ what: "dynamic providers", enginePort: 4711 });
  const released = ["node", "/clone/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js", "127.0.0.1:4711"];
  expect(parseCommandLine(released)).toEqual({ what: "dynamic providers", enginePort: 4711 });
  const plugin = ["/home/me/.pulumi/plugins/resource-kafka-v3.13.2/pulumi-resource-kafka", "127.0.0.1:4711"];
  expect(parseCommandLine(plugin)).toEqual({ what: "pulumi-resource-kafka", enginePort: 4711 });
});

test.each([
  ["an editor with the SDK's file", ["vi", RUN, "--engine", "127.0.0.1:4711"]],
  ["a program without an engine", ["node", RUN, "--monitor", "127.0.0.1:1"]],
  ["the CLI", ["pulumi", "up", "--yes"]],
  ["the language host that a failed run leaves", ["/usr/bin/pulumi-language-nodejs", "127.0.0.1:4711"]],
  ["another program of Node's", ["node", "server.js", "127.0.0.1:4711"]],
])("%s is left alone", (_what, words) => expect(parseCommandLine(words)).toBeUndefined());

let folder: string;
let told: string[];
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leftovers-"));
  told = [];
  jest.spyOn(console, "error").mockImplementation((line: string) => void told.push(line));
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** A process with the command line of a program of Pulumi's. */
async function program(cwd: string, enginePort: number): Promise<ChildProcess> {
  const waits = "console.log('here'); setInterval(() => {}, 1000)";
  const child = spawn(process.execPath, ["-e", waits, "--", RUN, "--engine", `127.0.0.1:${enginePort}`, "."], { cwd });
  started.push(child);
  await once(child.stdout!, "data");
  return child;
}

test("a program of this folder whose engine is gone is ended, and named", async () => {
  const [closed] = await freePorts(1);
  const left = await program(folder, closed!);
  const ended = once(left, "exit");
  await endLeftovers(folder);
  // No other system tells where a process runs.
  if (process.platform !== "linux") return expect(told).toEqual([]);
  expect(await ended).toEqual([null, "SIGKILL"]);
  expect(told).toEqual([`Ended, since the Pulumi CLI that started them is gone: program (process ${left.pid}).`]);
});

test("one whose engine listens goes on, as does one of another folder", async () => {
  const engine = createServer().listen(0, "127.0.0.1");
  await once(engine, "listening");
  const [closed] = await freePorts(1);
  const others = await Promise.all([
    program(folder, (engine.address() as { port: number }).port),
    program(tmpdir(), closed!),
  ]);
  await endLeftovers(folder);
  expect(told).toEqual([]);
  expect(others.map(({ pid }) => process.kill(pid!, 0))).toEqual([true, true]);
  engine.close();
});
