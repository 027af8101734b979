import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const programs = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file] = /^node toolchain\/run\.mjs (\S+\.ts)$/.exec(script) ?? [];
  return file === undefined ? [] : [{ name, file }];
});

test("each command is a bundle that runs itself, and none that it is made of", async () => {
  expect(programs.map(({ name }) => name)).toEqual(expect.arrayContaining(["start", "stop", "demo"]));
  const runs = programs.map(async ({ name, file }) => {
    const run = await promisify(execFile)(process.execPath, ["program/run-command.cjs", file, "--help"]);
    return [name, run.stdout, run.stderr];
  });
  for (const [name, stdout, stderr] of await Promise.all(runs)) {
    expect(stdout).toMatch(new RegExp(`^[^\\n].*\\n(.+\\n)*\\n  npm (run )?${name}( -- .*)?\\n`));
    expect(stdout!.match(/^ {2}npm /gm)).toHaveLength(1);
    expect(stderr).toBe("");
  }
});
