import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { poll } from "../../components/poll";
import { docker } from "../support/stack";
import { Rig } from "./consumer/rig";

const TABLE = "public.customers";
const WRITE_EVERY_MS = 5;
/** The time on an idle machine is in docs/consumer.md. */
const LIVE_WITHIN_S = 10;

const rig = new Rig("live", {});
let handler: string;
let start: ChildProcess | undefined;
let printed = "";

beforeAll(async () => {
  await rig.create();
  handler = join(rig.stack.initFolder, "..", "handler.ts");
  write("first");
  await rig.stack.pulumi("config", "set", "handler", handler);
  await rig.up();
}, 900_000);
afterAll(async () => {
  // Kills the whole group: processes that it started would keep this process' pipes open.
  if (start?.exitCode === null && start.signalCode === null) process.kill(-start.pid!, "SIGKILL");
  await rig.remove();
}, 120_000);

function write(word: string): void {
  writeFileSync(
    handler,
    `export const handle = (change, context) => {
  context.log.info(${JSON.stringify(`handled by ${word}`)});
  context.print(change);
};\n`,
  );
}

function said(what: RegExp): Promise<void> {
  const look = async () =>
    what.test(printed)
      ? { done: true as const, value: undefined }
      : { done: false as const, seen: printed.slice(-300) };
  return poll<void>(look, { what: `npm start to say ${what}`, deadlineMs: 120_000, intervalMs: 20 });
}

test("npm start -- --watch: each edit of the handler is live, and no change is lost or comes twice meanwhile", async () => {
  start = spawn(process.execPath, ["toolchain/run.mjs", "commands/start.ts", "--watch"], {
    env: { ...process.env, ...rig.environment },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  start.stdout!.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  await said(/Watching \S+handler\.ts/);
  const container = await docker("inspect", "--format", "{{.Id}}", rig.container);

  let writing = true;
  let written = 0;
  const writer = (async () => {
    while (writing) {
      await rig.database.query(`insert into ${TABLE} (first_name) values ($1)`, [`n${written++}`]);
      await sleep(WRITE_EVERY_MS);
    }
  })();
  const log = () => docker("logs", rig.container);
  for (const [n, word] of ["second", "third", "fourth"].entries()) {
    write(word);
    await said(new RegExp(`(live in [\\d.]+ s[\\s\\S]*){${n + 1}}`));
    await rig.handled(TABLE, 1);
    expect(await log()).toContain(`handled by ${word}`);
  }
  writeFileSync(handler, "export const handle = (\n");
  await said(/The consumer goes on with what it had\./);
  writing = false;
  await writer;
  for (const [, seconds] of printed.matchAll(/live in ([\d.]+) s/g))
    expect(Number(seconds)).toBeLessThan(LIVE_WITHIN_S);

  const names = await poll<unknown[]>(
    async () => {
      const lives = await rig.printed(TABLE);
      const names = lives
        .flat()
        .map(({ after }) => after?.["first_name"])
        .filter((name) => /^n\d+$/.test(String(name)));
      return names.at(-1) === `n${written - 1}`
        ? { done: true, value: names }
        : { done: false, seen: String(names.at(-1)) };
    },
    { what: `row n${written - 1} to be handled`, deadlineMs: 30_000 },
  );
  expect(names).toEqual(Array.from({ length: written }, (_, n) => `n${n}`));

  // The image does not have the edits that were applied live, so a plain start makes the container again.
  start.kill("SIGINT");
  expect(await once(start, "exit")).toEqual([0, null]);
  write("first");
  await rig.stack.start();
  expect(await docker("inspect", "--format", "{{.Id}}", rig.container)).not.toBe(container);
  await rig.database.query(`insert into ${TABLE} (first_name) values ('last')`);
  await rig.until(TABLE, (changes) => changes.at(-1)?.after?.["first_name"] === "last");
  expect(await log()).toContain("handled by first");
  expect(await log()).not.toContain("handled by fourth");
}, 300_000);
