import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { batchScheduled } from "../../../components/container/batch-scheduling";

const run = (command: readonly string[], env = process.env, before?: string): string => {
  const [, ...args] = batchScheduled(command, before);
  return execFileSync("/bin/sh", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
};

test("the command runs under the batch policy, with its arguments as they were", () => {
  expect(run(["printf", "%s|", "a b", "$HOME", '"'])).toBe('a b|$HOME|"|');
  const hasChrt = spawnSync("chrt", ["--version"]).error === undefined;
  // Debian's images have chrt. The machine of these tests need not have it.
  if (hasChrt) expect(run(["sh", "-c", "chrt --pid $$"])).toContain("SCHED_BATCH");
  else expect(run(["echo", "runs"])).toBe("runs\n");
});

test("where the policy cannot be set, the command runs all the same", () => {
  expect(run(["/bin/echo", "runs"], { PATH: "/nowhere" })).toBe("runs\n");
});

test("what comes before has the environment, and leaves none behind that it takes away", () => {
  const before = 'printf "%s" "$TEXT"; unset TEXT';
  const text = "# a\nb=$HOME \\\\ 100%\n";
  expect(run(["sh", "-c", "printf '[%s]' \"$TEXT\""], { ...process.env, TEXT: text }, before)).toBe(`${text}[]`);
});
