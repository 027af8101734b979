import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";

test("a benchmark that ends before it is done fails, and says so", () => {
  // A session that never ends, and nothing else that Node would wait for.
  const script = `require("ts-node").register({ transpileOnly: true });
    require("./bench/machine/signals").untilSignal = () => new Promise(() => {});
    require("./bench/machine/lock").takeLock = () => () => {};
    require("./bench/bench-session").Session.prototype.run = () => new Promise(() => {});
    process.argv.splice(1);
    process.argv.push("bench", "--rounds", "1");
    require("./bench/main");`;
  const { status, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  expect(stderr).toContain("Ended before it was done: something that it waited for never answered. Run it again.");
  expect(status).toBe(1);
});
