import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { bundleConsumer } from "../../program/consumer-bundle";

// Uses a real server or a process of its own, where a step takes seconds on a busy machine.
const folder = mkdtempSync(join(tmpdir(), "bundle-"));
afterAll(() => rmSync(folder, { recursive: true }));

function handler(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test("a handler in a file of one's own is bundled with what it imports, in place of the default", async () => {
  handler("greeting.ts", "export const greeting = 'made by the handler';");
  const own = handler(
    "own.ts",
    "import { greeting } from './greeting';\nexport const handle = () => console.log(greeting);",
  );
  const context = await bundleConsumer(own, folder);
  expect(readFileSync(join(context, "app", "consumer.js"), "utf8")).toContain("made by the handler");
  expect(context).not.toBe(await bundleConsumer("consumer/handler.ts", folder));
});

test("an ES module may ask where it is, and make a require of its own", async () => {
  handler(
    "place.mjs",
    `import { createRequire } from "node:module";
export const require = createRequire(import.meta.url);
export const place = [import.meta.filename, import.meta.dirname];`,
  );
  const text = `import { place, require } from "./place.mjs";
console.log([require("node:path").basename(place[0]), place[0].startsWith(place[1]), import.meta.url.slice(0, 8)].join());
process.exit();
export const handle = () => undefined;`;
  const context = await bundleConsumer(handler("asks.ts", text), folder);
  const run = spawnSync(process.execPath, [join(context, "app", "consumer.js")], { encoding: "utf8" });
  expect(run).toMatchObject({ stdout: "consumer.js,true,file:///\n", stderr: "" });
});

test("of the contexts three stay, and those of the last hour; nothing else is touched", async () => {
  const out = join(folder, "out");
  const used = { aaaaaaaaaaaa: 59, bbbbbbbbbbbb: 61, cccccccccccc: 62, "dddddddddddd.4711": 63, notes: 6000 };
  for (const [name, minutes] of Object.entries(used)) {
    mkdirSync(join(out, name), { recursive: true });
    const at = new Date(Date.now() - minutes * 60_000);
    utimesSync(join(out, name), at, at);
  }
  const made = basename(await bundleConsumer(handler("kept.ts", "export const handle = () => 1;"), out));
  expect(readdirSync(out).sort()).toEqual(["aaaaaaaaaaaa", "bbbbbbbbbbbb", "notes", made].sort());
});

test("a handler that does not exist, or does not export handle, is reported with its file", async () => {
  await expect(bundleConsumer("orders/handler.ts", folder)).rejects.toThrow(
    'cdc:handler is "orders/handler.ts", where there is',
  );
  await expect(bundleConsumer("consumer", folder)).rejects.toThrow('cdc:handler is "consumer", where there is no file');
  const misnamed = handler("misnamed.ts", "export function handel() {}");
  await expect(bundleConsumer(misnamed, folder)).rejects.toThrow(
    /No matching export in ".*misnamed\.ts" for import "handle"/,
  );
  const unfinished = bundleConsumer(handler("unfinished.ts", "export function handle( {\n}"), folder);
  await expect(unfinished).rejects.toBeInstanceOf(pulumi.RunError);
  await expect(unfinished).rejects.toThrow(
    /^cdc:handler is ".*unfinished\.ts", which cannot be built: \S*unfinished\.ts:\d+:\d+: Expected /,
  );
});
