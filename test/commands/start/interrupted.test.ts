import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { onceFree, runGoesOn, sortLocks, waitForOthers, waitingText } from "../../../commands/start/interrupted";
import { stateFolder } from "../../../program/state-folder.cjs";

/** Processes that are called as Pulumi's CLI is: of this folder, and of another. */
let cli: ChildProcess;
let others: ChildProcess;
beforeAll(async () => {
  const script = 'process.title = "pulumi"; console.log(); setInterval(() => {}, 1000)';
  [cli, others] = [process.cwd(), tmpdir()].map((cwd) => spawn(process.execPath, ["-e", script], { cwd })) as [
    ChildProcess,
    ChildProcess,
  ];
  await Promise.all([cli, others].map((each) => once(each.stdout!, "data")));
});
afterAll(() => {
  cli.kill();
  others.kill();
});

test("after a power cut a lock is dead, whoever has its process's number now", () => {
  const lock = { file: "a.json", hostname: "here", timestamp: "2026-01-01T10:00:00Z" };
  const [before, after] = [Date.parse("2026-01-01T09:00:00Z"), Date.parse("2026-01-01T10:01:00Z")];
  expect(runGoesOn({ ...lock, pid: others.pid! }, before)).toBe(true);
  expect(runGoesOn({ ...lock, pid: others.pid! }, after)).toBe(false);
  // Only Linux tells what a process is.
  expect(runGoesOn({ ...lock, pid: process.pid }, before)).toBe(process.platform !== "linux");
  expect(runGoesOn({ ...lock, pid: 2 ** 22 + 1 }, before)).toBe(false);
});

test("a clock that was set on since makes no run's lock a dead one", () => {
  const lock = { file: "a.json", hostname: "here", timestamp: "2026-01-01T10:00:00Z", pid: cli.pid! };
  // Only Linux tells in which folder a process is.
  expect(runGoesOn(lock, Date.parse("2026-01-01T10:01:00Z"))).toBe(process.platform === "linux");
});

test("a lock of another machine's name is told with the way out, at once", () => {
  const lock = { file: "a.json", pid: 7, hostname: "there", timestamp: "2026-01-01T10:00:00Z" };
  expect(waitingText(lock, "there")).toBe("Another run has the stack (process 7); waiting until it ends.");
  expect(waitingText(lock, "here")).toMatch(
    /^Another run has the stack \(process 7 on there since 2026-01-01T10:00:00Z\).*`npm run pulumi -- cancel --yes`\.$/,
  );
});

test("a lock is dead when its process on this machine is gone, and held otherwise", () => {
  const lock = (pid: number, hostname: string) => ({ file: `${pid}.json`, pid, hostname });
  const [gone, running, elsewhere] = [lock(1, "here"), lock(2, "here"), lock(1, "there")];
  const sorted = sortLocks([gone, running, elsewhere], "here", ({ pid }) => pid === 2);
  expect(sorted).toEqual({ dead: [gone], held: [running, elsewhere] });
});

test("a wait for another run ends when the process that started it was killed; a lock of a dead process is removed", async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  const folder = mkdtempSync(join(tmpdir(), "locks-"));
  const stack = process.env["PULUMI_STACK"]?.split("/").pop() ?? "dev";
  const place = join(folder, ".pulumi", "locks", "organization", "cdc", stack);
  mkdirSync(place, { recursive: true });
  const lock = (name: string, pid: number) =>
    writeFileSync(join(place, name), JSON.stringify({ pid, hostname: hostname(), timestamp: new Date() }));
  lock("held.json", cli.pid!);
  lock("dead.json", 2 ** 22 + 1);
  const killedParent = 2 ** 22 + 2;
  await expect(waitForOthers(folder, killedParent)).rejects.toThrow("Who started this was killed meanwhile");
  expect([existsSync(join(place, "held.json")), existsSync(join(place, "dead.json"))]).toEqual([true, false]);
  rmSync(join(place, "held.json"));
  await waitForOthers(folder, killedParent);
  rmSync(folder, { recursive: true });
});

test("what finds the stack taken by another run is run again once that has ended", async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  const folder = mkdtempSync(join(tmpdir(), "locks-"));
  const stack = process.env["PULUMI_STACK"]?.split("/").pop() ?? "dev";
  const lock = join(folder, ".pulumi", "locks", "organization", "cdc", stack, "held.json");
  mkdirSync(dirname(lock), { recursive: true });
  const backend = process.env["PULUMI_BACKEND_URL"];
  Object.assign(process.env, { PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_STACK: stack });
  const codes = [255, 0];
  try {
    const code = await onceFree(() => {
      if (codes.length === 2) {
        writeFileSync(lock, JSON.stringify({ pid: cli.pid, hostname: hostname() }));
        setTimeout(() => rmSync(lock), 50);
      }
      return Promise.resolve(codes.shift()!);
    });
    expect(code).toBe(0);
    // When no other run has the stack, a failure stays a failure.
    expect(await onceFree(() => Promise.resolve(3))).toBe(3);
  } finally {
    process.env["PULUMI_BACKEND_URL"] = backend;
    if (backend === undefined) delete process.env["PULUMI_BACKEND_URL"];
    rmSync(folder, { recursive: true });
  }
});

test("the state is looked for in the project, or in the folder that the backend's address names", () => {
  const folders = [undefined, "", "file://./.state", "file:///srv/state?no_tmp_dir=true", "file://~/pulumi", "s3://b"];
  const found = folders.map((url) => stateFolder(url, "/home/me"));
  expect(found).toEqual([".state", ".state", "./.state", "/srv/state", "/home/me/pulumi", undefined]);
});
