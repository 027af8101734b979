import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import type * as childProcess from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { EndedError } from "../../../commands/processes/signals";
import { buildImages } from "../../../commands/upgrade-postgres/cluster";
import type { Reader } from "../../../commands/upgrade-postgres/connectors";
import { readUp } from "../../../commands/upgrade-postgres/drain";
import { refusePending } from "../../../commands/upgrade-postgres/pending";
import type { Ask } from "../../../components/connector/slot/connector-session";
import { poll } from "../../../components/poll";

/** Whether a signal has come. */
let isEnded: boolean;
jest.mock("../../../commands/processes/signals", () => {
  const actual = jest.requireActual<{ EndedError: typeof EndedError }>("../../../commands/processes/signals");
  const rejectEnded = (): void => {
    if (isEnded) throw new actual.EndedError("Ended by SIGINT.");
  };
  return { ...actual, rejectEnded };
});

/** Docker's client, which is given no environment of its own, is the program of that folder. */
jest.mock("node:child_process", () => {
  const actual = jest.requireActual<typeof childProcess>("node:child_process");
  const execFile = (name: string, ...rest: unknown[]): unknown =>
    (actual.execFile as (...all: unknown[]) => unknown)(join(folder, name), ...rest);
  Object.defineProperty(execFile, promisify.custom, {
    value: (name: string, ...rest: [string[], object]) => promisify(actual.execFile)(join(folder, name), ...rest),
  });
  return { ...actual, execFile };
});

const path = process.env["PATH"];
let folder: string;
beforeEach(() => {
  isEnded = false;
  folder = mkdtempSync(join(tmpdir(), "cdc-ended-"));
  process.env["PATH"] = `${folder}:${path}`;
});
afterEach(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

/** A program that says that it has begun, and does not come to its end by itself. */
function endless(name: string): string {
  const [file, begun] = [join(folder, name), join(folder, `${name}-begun`)];
  writeFileSync(file, `#!/bin/sh\ntouch ${begun}\nexec sleep 600\n`);
  chmodSync(file, 0o755);
  return begun;
}

/** What comes of the work where a signal comes once its program has begun. */
async function ended(begun: string, work: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  const ending = new AbortController();
  const outcome = work(ending.signal).then(
    () => "it ended well",
    (error: unknown) => error,
  );
  await poll(() => Promise.resolve(existsSync(begun) ? { done: true, value: 0 } : { done: false, seen: "nothing" }), {
    ...{ what: "the program", deadlineMs: 30_000, intervalMs: 20 },
  });
  isEnded = true;
  ending.abort();
  return outcome;
}

test("a signal ends the wait for connectors that have hours to read", async () => {
  let left = 1_000_000;
  const ask = (() => {
    isEnded = left < 999_999;
    return Promise.resolve({ rows: [{ end: "0/1", left: String(left--) }] });
  }) as unknown as Ask;
  await expect(readUp(ask, { slot: "s", connector: "c" } as Reader)).rejects.toBeInstanceOf(EndedError);
});

test("a signal ends the look at changed settings, which is not told as settings that are wrong", async () => {
  expect(await ended(endless("pulumi"), (signal) => refusePending(17, signal))).toBeInstanceOf(EndedError);
});

test("a signal ends the build of an image, and no other one begins", async () => {
  const begun = endless("docker");
  expect(await ended(begun, (signal) => buildImages(17, 18, new Set(), signal))).toBeInstanceOf(EndedError);
  rmSync(begun);
  await expect(buildImages(17, 18, new Set(), new AbortController().signal)).rejects.toBeInstanceOf(EndedError);
  expect(existsSync(begun)).toBe(false);
});
