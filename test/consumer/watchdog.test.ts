import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { build } from "esbuild";

// Uses a real server or a process of its own, where a step takes seconds on a busy machine.
const directory = mkdtempSync(join(tmpdir(), "watchdog-"));
const program = join(directory, "program.cjs");
const started: ChildProcess[] = [];
const SILENT_MS = 1000;
/** More bytes than any pipe holds. */
const MUCH = 8 << 20;

/** A program that prints what it is told to do, and does it. */
const PROGRAM = `
import { writeSync } from "node:fs";
import { watchEventLoop } from "./consumer/watchdog";
const watchdog = watchEventLoop({ silentMs: ${SILENT_MS}, everyMs: 50 });
const block = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const deeds = {
  hang: () => block(60_000),
  pause: () => block(${SILENT_MS / 2}),
  write: () => watchdog.excuse(() => block(${SILENT_MS * 2})),
  exit: () => process.exit(7),
  fill: () => say(writeSync(1, Buffer.alloc(${MUCH}, " ")) === ${MUCH} ? "whole" : "in part"),
};
const say = (word) => writeSync(1, word + "\\n");
process.stdin.on("data", (line) => {
  deeds[String(line).trim()]();
  say("done");
});
say("ready");
`;

beforeAll(async () => {
  const stdin = { contents: PROGRAM, resolveDir: resolve("."), sourcefile: "program.js" };
  await build({ stdin, outfile: program, bundle: true, platform: "node", format: "cjs", target: "node20" });
});
afterEach(() => started.splice(0).forEach((child) => child.kill("SIGKILL")));
afterAll(() => rmSync(directory, { recursive: true }));

async function start() {
  const child = spawn(process.execPath, [program]);
  started.push(child);
  let errors = "";
  child.stderr.on("data", (data) => (errors += String(data)));
  const end = new Promise<[number | null, string | null]>((done) => child.on("close", (...how) => done(how)));
  const says = () => new Promise<string>((done) => child.stdout.once("data", (data) => done(String(data).trim())));
  expect(await says()).toBe("ready");
  return { child, end, says, errors: () => errors, told: (deed: string) => void child.stdin.write(`${deed}\n`) };
}

test("a blocked event loop is reported, and its process killed", async () => {
  const { end, told, errors } = await start();
  const began = Date.now();
  told("hang");
  expect(await end).toEqual([null, "SIGKILL"]);
  expect(Date.now() - began).toBeGreaterThanOrEqual(SILENT_MS - 50);
  expect(errors()).toBe(
    "the event loop has stood still for 1 s, which a handler that never returns does: killing the process, the container starts it again\n",
  );
});

test.each(["pause", "write"])("a %s that ends is not reported", async (deed) => {
  const { says, told, errors } = await start();
  told(deed);
  expect(await says()).toBe("done");
  told(deed);
  expect(await says()).toBe("done");
  expect(errors()).toBe("");
});

test("a process that was stopped for longer goes on", async () => {
  const { child, says, told, errors } = await start();
  child.kill("SIGSTOP");
  await sleep(SILENT_MS * 2);
  child.kill("SIGCONT");
  told("pause");
  expect(await says()).toBe("done");
  expect(errors()).toBe("");
});

test("an exit does not wait for it", async () => {
  const { end, told } = await start();
  const began = Date.now();
  told("exit");
  expect(await end).toEqual([7, null]);
  expect(Date.now() - began).toBeLessThan(SILENT_MS);
});

test("the standard output goes on taking all that is written at once, however much", async () => {
  const { child, told } = await start();
  let said = "";
  const done = new Promise<void>((resolve) =>
    child.stdout.on("data", (data) => {
      said = (said + String(data)).trimStart();
      if (said.includes("done")) resolve();
    }),
  );
  told("fill");
  await done;
  expect(said.split("\n")[0]).toBe("whole");
});
