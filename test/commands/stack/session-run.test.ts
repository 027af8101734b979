import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { Lock } from "../../../commands/processes/lock";
import { runSession } from "../../../commands/stack/session-run";

let folder: string;
let done: string[];
let end: { good(results: string): void; bad(error: Error): void };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdc-session-"));
  done = [];
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    done.push(`said ${String(text).trim()}`);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal);
  rmSync(folder, { recursive: true });
});

/** A session that runs until a test or an abort ends it. */
function run(): Promise<number> {
  const session = {
    run: () => new Promise<string>((resolve, reject) => (end = { good: resolve, bad: reject })),
    abort: (reason: Error) => {
      done.push(`aborted: ${reason.message}`);
      // Nothing is removed while work is still under way.
      setImmediate(() => {
        done.push("settled");
        end.bad(reason);
      });
    },
    clear: async () => void done.push(`cleared, ${isLocked() ? "locked" : "free"}`),
  };
  return runSession(session, Lock.take("run", join(folder, "lock")), (results) => {
    done.push(`reported ${results}`);
    return 1;
  });
}
const isLocked = () => existsSync(join(folder, "lock"));

test("what is done is reported and taken away, and then the folder is free", async () => {
  const running = run();
  end.good("all");
  expect(await running).toBe(1);
  expect(done).toEqual(["reported all", "cleared, locked"]);
  expect(isLocked()).toBe(false);
});

test("what fails is taken away, too", async () => {
  const running = run();
  end.bad(new Error("no engine"));
  await expect(running).rejects.toThrow("no engine");
  expect(done).toEqual(["cleared, locked"]);
  expect(isLocked()).toBe(false);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends what is under way, takes it away, and is no failure of its own", async (signal, code) => {
  const running = run();
  process.emit(signal);
  // Ctrl-C reaches the process group, and npm passes it on, too.
  process.emit(signal);
  expect(await running).toBe(code);
  const said = `said ${signal}: taking away what was started`;
  expect(done).toEqual([said, `aborted: ended by ${signal}`, "settled", "cleared, locked"]);
  expect(isLocked()).toBe(false);
});

test("a second signal, later, ends it at once", async () => {
  const exit = jest.spyOn(process, "exit").mockReturnValue(undefined as never);
  const now = jest.spyOn(Date, "now").mockReturnValue(10_000);
  const running = run();
  process.emit("SIGINT");
  now.mockReturnValue(12_001);
  process.emit("SIGINT");
  expect(exit).toHaveBeenCalledWith(130);
  await running;
});
