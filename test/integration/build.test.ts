import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runChild } from "../../commands/processes/child";
import { docker, TestStack } from "../support/stack";

/** Checks what `pulumi up` shows of a build, with a program that only has images. */
const UP_MS = 180_000;
const stack = new TestStack("build");
/** A name that no image of a stack has. */
const BUILT = stack.name;
const REPOSITORY = `cdc/${BUILT}`;
let folder: string;

beforeAll(async () => {
  await stack.create();
  folder = join(stack.initFolder, "program");
  mkdirSync(folder);
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"), "junction");
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: builds\nruntime: { name: nodejs, options: { typescript: false } }\n",
  );
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(
    join(folder, "index.js"),
    `require("ts-node").register({ transpileOnly: true, cwd: ${JSON.stringify(resolve("."))} });
     const { Image } = require(${JSON.stringify(resolve("components/images/images"))});
     new Image("image", { built: ${JSON.stringify(BUILT)}, context: process.env.CONTEXT });`,
  );
  const env = { ...process.env, ...stack.environment };
  await runChild("pulumi", ["stack", "init", stack.name, "--no-select", "--cwd", folder], { env });
}, 60_000);

afterAll(async () => {
  const images = (await docker("images", "--quiet", REPOSITORY)).split("\n").filter(Boolean);
  if (images.length > 0) await docker("rmi", "--force", ...images);
  await stack.remove();
}, 60_000);

/** Runs an `up` of the program, with an image of these instructions on the base of all images. */
async function up(context: string, ...instructions: string[]): Promise<string> {
  mkdirSync(join(folder, context), { recursive: true });
  writeFileSync(join(folder, context, "Dockerfile"), ["FROM debian:trixie-slim", ...instructions, ""].join("\n"));
  const env = { ...process.env, ...stack.environment, CONTEXT: context };
  return runChild(
    "pulumi",
    ["up", "--yes", "--skip-preview", "--non-interactive", "--cwd", folder, "--stack", stack.name],
    {
      env,
    },
  );
}

test(
  "each step is shown as it begins, and of one that takes long a line of its output",
  async () => {
    // Differs each time: a step that the engine has cached takes no time.
    const first = `RUN echo ${Date.now()} && sleep 2`;
    const said = await up("good", first, "RUN for i in 1 2 3; do sleep 4; echo part $i; done");
    const shown = said.split("\n").filter((line) => line.includes("cdc:index:Image"));
    expect(shown.some((line) => line.trimEnd().endsWith(`[2/3] ${first}`))).toBe(true);
    expect(shown.some((line) => line.includes("[3/3] RUN for i in 1 2 3"))).toBe(true);
    expect(shown.some((line) => /part \d\s*$/.test(line))).toBe(true);
    // The output does not flood the log of a CI pipeline.
    expect(shown.length).toBeLessThan(15);
  },
  UP_MS,
);

test(
  "a step that fails: its last lines, with the image's name and the file that has all of them",
  async () => {
    const failing = "RUN for i in $(seq 1 40); do echo \"line $i\"; done; echo 'E: no package foo'; exit 100";
    const error = await up("bad", failing).catch((e: Error) => e);
    const { message } = error as Error;
    expect(message).toContain(`the build of ${REPOSITORY} (bad) failed at [2/2] RUN for i in $(seq 1 40)`);
    expect(message).toMatch(/line 22\n(.*\n)*.*line 40\n.*E: no package foo\n.*All of its output is in dist\/builds\//);
    expect(message).not.toMatch(/^\s*line 21$/m);
  },
  UP_MS,
);
