import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { batchScheduled } from "../../components/batch-scheduling";

const run = (command: readonly string[], env = process.env): string => {
  const [, ...args] = batchScheduled(command);
  return execFileSync("/bin/sh", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
};

test("the command runs under the batch policy, with its arguments as they were", () => {
  expect(run(["printf", "%s|", "a b", "$HOME", '"'])).toBe('a b|$HOME|"|');
  const hasChrt = spawnSync("chrt", ["--version"]).error === undefined;
  // Debian's images have it; the machine of these tests need not.
  if (hasChrt) expect(run(["sh", "-c", "chrt --pid $$"])).toContain("SCHED_BATCH");
  else expect(run(["echo", "runs"])).toBe("runs\n");
});

test("where the policy cannot be set, the command runs all the same", () => {
  expect(run(["/bin/echo", "runs"], { PATH: "/nowhere" })).toBe("runs\n");
});
