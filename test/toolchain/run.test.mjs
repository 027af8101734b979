// `npm run …` in the project's environment: set-up first, then the command as if it had been called directly.
import { afterAll, describe, expect, test } from "@jest/globals";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Machine } from "./machine.mjs";

const machine = Machine.ready();
afterAll(() => machine.remove());

test("the command's output is alone on stdout, and its exit code is passed on", async () => {
  const { code, stdout, stderr } = await machine.start("run.mjs", [
    process.execPath,
    "-p",
    "process.exitCode = 7; process.env.PULUMI_SKIP_UPDATE_CHECK",
  ]).done;
  expect({ code, stdout }).toEqual({ code: 7, stdout: "true\n" });
  expect(stderr).toMatch(/^Ready/);
});

test("a signal reaches the command, which may end in its own way", async () => {
  const program = `process.on("SIGTERM", () => process.exit(3)); setInterval(() => {}, 1000); console.log("up")`;
  const { child, done } = machine.start("run.mjs", [process.execPath, "-e", program]);
  let up = false;
  child.stdout.on("data", () => (up = true));
  while (!up) await wait(20);
  child.kill("SIGTERM");
  expect((await done).code).toBe(3);
});

test("the command that selects a stack runs where none is selected of several", async () => {
  const several = Machine.ready().clear("stack").state("stacks", '[{"name":"dev"},{"name":"two"}]');
  try {
    const { code, stderr } = await several.start("run.mjs", ["pulumi", "stack", "select", "two"]).done;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(several.read("stack")).toBe("two\n");
  } finally {
    several.remove();
  }
});

describe("on a full disk, and without the base image", () => {
  const full = Machine.ready().clear("base-image");
  full.state("root-dir", join(full.folder, "docker"));
  mkdirSync(join(full.folder, "docker"));
  writeFileSync(join(full.root, "program", "run-command.cjs"), 'console.log("run");');
  afterAll(() => full.remove());
  const options = { env: { FAKE_FULL: join(full.folder, "docker") } };

  test("a command that builds images says so of the engine's own folder", async () => {
    const { code, stderr } = await full.start("run.mjs", ["commands/start.ts"], options).done;
    expect(code).toBe(1);
    expect(stderr).toContain(`0.0 GB are free in ${join(full.folder, "docker")}`);
  });

  test("`npm stop`, which makes room, runs", async () => {
    const { code, stdout } = await full.start("run.mjs", ["commands/stop.ts"], options).done;
    expect({ code, stdout }).toEqual({ code: 0, stdout: "run\n" });
    expect(full.calls("docker").filter((call) => call.includes("pull"))).toEqual([]);
  });
});

test("a command that does not exist is reported as missing", async () => {
  const { code, stderr } = await machine.start("run.mjs", ["no-such-command"]).done;
  expect(code).toBe(127);
  expect(stderr).toContain("Cannot run no-such-command");
});

test("`npm run env` prints lines for a shell, and nothing else", async () => {
  const { code, stdout, stderr } = await machine.start("env.mjs").done;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^(export \w+='[^']*'\n)+$/);
});

test.each(["setup", "env"])("`npm run %s` says what it does, and nothing else", async (name) => {
  const { code, stdout, stderr } = await machine.start(`${name}.mjs`, ["--help"]).done;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(new RegExp(`^(Makes|Prints) .*\\n\\n  npm run ${name}\\n$`));
  expect((await machine.start(`${name}.mjs`, ["--again"]).done).code).toBe(2);
});

test.each(["--help", "-h"])(
  "a command of the project says what it does (%s) where there is no engine, no CLI and no plugin",
  async (option) => {
    const bare = new Machine();
    try {
      bare.stub("npm", "mkdir node_modules; echo {} > node_modules/.package-lock.json");
      writeFileSync(
        join(bare.root, "program", "run-command.cjs"),
        'console.log("usage of", ...process.argv.slice(2));',
      );
      const { code, stdout, stderr } = await bare.start("run.mjs", ["commands/chaos.ts", option]).done;
      expect({ code, stdout }).toEqual({ code: 0, stdout: `usage of commands/chaos.ts ${option}\n` });
      expect(stderr).toMatch(/^node_modules: installed \(.* s\)\n$/);
      expect(bare.calls()).toEqual(["npm ci --include=dev"]);
    } finally {
      bare.remove();
    }
  },
);

test("an empty PULUMI_STACK counts as none: the CLI would have no stack selected, whatever was", async () => {
  const program = [process.execPath, "-p", "process.env.PULUMI_STACK"];
  const { code, stdout } = await machine.start("run.mjs", program, { env: { PULUMI_STACK: "" } }).done;
  expect({ code, stdout }).toEqual({ code: 0, stdout: "undefined\n" });
});
