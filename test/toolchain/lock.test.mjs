import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { acquireLock, isStale } from "../../toolchain/lock.mjs";
import { removeStalePid } from "../../toolchain/steps/engine.mjs";

const NO_PROCESS = 2 ** 30;
let folder;
let file;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdc-lock-"));
  file = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

const nobodyWaits = () => {
  throw new Error("waited");
};
const heldBy = (pid, host = hostname()) => writeFileSync(file, JSON.stringify({ pid, host }));

test("taken and given back, nothing is left", async () => {
  const release = await acquireLock(file, nobodyWaits);
  expect(existsSync(file)).toBe(true);
  release();
  expect(readdirSync(folder)).toEqual([]);
});

test("of a living owner: waits, says once for whom, then takes it", async () => {
  heldBy(process.ppid);
  const waitedFor = [];
  const waiting = acquireLock(file, (pid) => waitedFor.push(pid), { poll: 20 });
  setTimeout(() => rmSync(file), 200);
  (await waiting)();
  expect(waitedFor).toEqual([process.ppid]);
});

test.each([
  ["a dead process", () => heldBy(NO_PROCESS)],
  ["half-written text", () => writeFileSync(file, '{"pid":')],
  ["an owner elsewhere that gives no sign of life", () => (heldBy(1, "elsewhere"), utimesSync(file, 0, 0))],
])("of %s: taken over", async (_, held) => {
  held();
  (await acquireLock(file, nobodyWaits, { watched: 0 }))();
  expect(readdirSync(folder)).toEqual([]);
});

test("of a living owner that looks silent since this machine slept: waits until it beats no more while it is watched", async () => {
  heldBy(process.ppid);
  utimesSync(file, 0, 0);
  const waitedFor = [];
  const begun = performance.now();
  (await acquireLock(file, (pid) => waitedFor.push(pid), { poll: 20, watched: 300 }))();
  expect(waitedFor).toEqual([process.ppid]);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(300);
});

test("of another user's process, or of another host: not stale", () => {
  const refused = {
    kill: () => {
      throw Object.assign(new Error("not permitted"), { code: "EPERM" });
    },
  };
  expect(isStale({ pid: 1, host: "here", silent: 0 }, refused, "here", true)).toBe(false);
  expect(isStale({ pid: NO_PROCESS, host: "there", silent: 0 }, process, "here", true)).toBe(false);
});

test("a pid file of a killed dockerd goes; that of a running one stays", () => {
  const pidFile = join(folder, "docker.pid");
  const proc = (pid, comm) => (mkdirSync(join(folder, pid)), writeFileSync(join(folder, pid, "comm"), `${comm}\n`));
  proc("7", "dockerd");
  proc("8", "bash");
  const kept = ["7", "8", "9", ""].filter((pid) => {
    writeFileSync(pidFile, pid);
    removeStalePid(pidFile, folder);
    return existsSync(pidFile);
  });
  expect(kept).toEqual(["7"]);
});
