import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { nowMicros } from "../../../bench/machine/clock";
import { takeLock } from "../../../bench/machine/lock";
import { freePorts } from "../../../bench/machine/ports";
import { run } from "../../../bench/machine/run";
import { waitFor } from "../../../bench/machine/wait";

describe("the lock", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "bench-lock-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = (): string => join(folder, "below", "lock");

  test("is given back, and another run that lives keeps it", () => {
    const release = takeLock(file());
    expect(readFileSync(file(), "utf8")).toBe(String(process.pid));
    writeFileSync(file(), String(process.ppid));
    expect(() => takeLock(file())).toThrow(`Another benchmark runs from this folder (process ${process.ppid})`);
    release();
    expect(readFileSync(file(), "utf8")).toBe(String(process.ppid));
  });

  test("of a run that is gone, or that was not written to its end, is taken over", async () => {
    const gone = (await run(process.execPath, ["-p", "process.pid"])).trim();
    takeLock(file())();
    for (const left of [gone, "", "x"]) {
      writeFileSync(file(), left);
      expect(() => takeLock(file())()).not.toThrow();
    }
  });
});

describe("a program", () => {
  test("that fails is reported with its command and its whole output", async () => {
    const failing = run(process.execPath, ["-e", "console.log('said'); console.error('why'); process.exit(3)"]);
    await expect(failing).rejects.toThrow(/^.*node.* ended with code 3:\nsaid\n\nwhy\n$/);
    await expect(run("no-such-program", [])).rejects.toThrow("Cannot run no-such-program");
  });

  test("ends with all that it started when the run is ended", async () => {
    const stop = new AbortController();
    const sleeping = run("sh", ["-c", "sleep 600 & wait"], { signal: stop.signal });
    stop.abort();
    await expect(sleeping).rejects.toThrow("ended with code null");
    await expect(run("true", [], { signal: stop.signal })).rejects.toThrow();
  });
});

test("a wait that fails shows what it saw last, and a look that fails ends it", async () => {
  const wait = { what: "rain", deadlineMs: 5, intervalMs: 1 };
  await expect(waitFor(() => Promise.resolve({ done: false, seen: "sun" }), wait)).rejects.toThrow(
    "Waited 0.005 s for rain. Last seen: sun",
  );
  await expect(waitFor(() => Promise.reject(new Error("night")), wait)).rejects.toThrow("night");
  expect(await waitFor(() => Promise.resolve({ done: true, value: 7 }), wait)).toBe(7);
});

test("ports are four that differ", async () => {
  const ports = Object.values(await freePorts());
  expect(new Set(ports).size).toBe(4);
  expect(ports.every((port) => port >= 20_000 && port < 29_000)).toBe(true);
});

test("the clock is the host's, in µs", () => {
  const before = Date.now();
  const micros = nowMicros();
  const after = Date.now();
  expect(micros).toBeGreaterThanOrEqual(before * 1000 - 2000);
  expect(micros).toBeLessThanOrEqual((after + 3) * 1000);
});
