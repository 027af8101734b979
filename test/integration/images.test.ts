import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runChild } from "../../commands/processes/child";
import { packagesTaken } from "../../commands/images/age";
import { docker, TestStack } from "../support/stack";
import { looked } from "../support/stack/looked";

/**
 * Checks which images are removed and rebuilt: after edits of a handler, and when Debian has fixes. Before that, how long a look at a healthy stack takes,
 * since this file runs alone.
 */
const UP_MS = 240_000;
/** How long `npm run doctor` may take, in milliseconds. */
const LOOK_MS = 3000;
const stack = new TestStack("images");
const consumer = `${stack.prefix}-consumer`;
const FOREIGN = `cdc/consumer:of-${stack.name}`;

beforeAll(async () => {
  await stack.create({ handler: join(stack.initFolder, "handler.ts") });
  edit(0);
  await stack.start();
}, 900_000);

afterAll(async () => {
  await stack.remove();
  await docker("image", "rm", "--force", FOREIGN);
}, 120_000);

function edit(n: number): void {
  writeFileSync(join(stack.initFolder, "handler.ts"), `export const handle = () => "${stack.name} ${n}";\n`);
}

async function images(): Promise<string[]> {
  const filter = `label=cdc.checkout=${process.cwd()}`;
  return (
    await docker("image", "ls", "--filter", filter, "--format", "{{.Repository}}:{{.Tag}}", "cdc/consumer")
  ).split("\n");
}

const imageOf = (container: string) => docker("inspect", "--format", "{{.Config.Image}}", container);

test("doctor finds a healthy stack well within 3 s", async () => {
  // The first look bundles the command.
  expect(await looked(stack, "doctor")).toMatchObject({ code: 0, healthy: true });
  const begun = performance.now();
  await looked(stack, "doctor");
  expect(performance.now() - begun).toBeLessThan(LOOK_MS);
}, 60_000);

test(
  "edits of a handler leave two images behind, however many they are, and nobody else's are touched",
  async () => {
    const first = await imageOf(consumer);
    // As somebody does who makes an image from ours: it inherits the label.
    await docker("commit", "--change", "ENV MINE=1", consumer, FOREIGN);
    for (const n of [1, 2, 3, 4]) {
      edit(n);
      await stack.start();
    }
    const own = (await images()).filter((name) => name !== FOREIGN);
    const running = await imageOf(consumer);
    expect(own).toContain(running);
    expect(own).not.toContain(first);
    expect(own.length).toBeLessThanOrEqual(3);
    expect(await images()).toContain(FOREIGN);
  },
  5 * UP_MS,
);

test(
  "a rebuild takes Debian's packages of now, the stack takes the image, and edits after it are built on those packages",
  async () => {
    const before = await imageOf(consumer);
    const begun = Date.now();
    const args = ["toolchain/run.mjs", "commands/rebuild.ts", "--only", "consumer", "--keep-base"];
    await runChild(process.execPath, args, { env: { ...process.env, ...stack.environment } });
    const rebuilt = await imageOf(consumer);
    // The engine may have an image of an earlier rebuild.
    const [content] = before.split("-");
    expect(rebuilt).toMatch(new RegExp(`^${content}-\\d{14}$`));
    expect(rebuilt).not.toBe(before);
    // The engine's times are whole seconds.
    expect(await packagesTaken(rebuilt, 0)).toBeGreaterThanOrEqual(Math.floor(begun / 1000) * 1000);
    expect(await images()).not.toContain(before);
    expect(await stack.pulumi("preview")).not.toMatch(/\d to (create|update|replace|delete)/);

    edit(5);
    await stack.start();
    const edited = await imageOf(consumer);
    expect(edited.split("-")[1]).toBe(rebuilt.split("-")[1]);
    expect(await packagesTaken(edited, 0)).toBe(await packagesTaken(rebuilt, 0));
  },
  3 * UP_MS,
);
