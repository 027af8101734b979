import { expect, test } from "@jest/globals";
import { runChild } from "../../commands/child";

/** `patches/` makes Pulumi's SDK load these when they are needed, and here nothing needs them: more than half of its time. */
const COMPILER = "/node_modules/typescript/lib/";
const PACKAGE_TREE = "/node_modules/@npmcli/arborist/";
const PACKAGE_DATA = "/node_modules/normalize-package-data/";
const AUTOMATION = "/node_modules/@pulumi/pulumi/automation/";
const TRACING = "/node_modules/@opentelemetry/sdk-trace";

async function loadedBy(script: string): Promise<string> {
  const list = "console.log(JSON.stringify({ result, files: Object.keys(require.cache) }))";
  return runChild(process.execPath, ["-e", `(async () => { ${script}; ${list} })()`]);
}

test.each(["@pulumi/pulumi", "@pulumi/pulumi/runtime", "@pulumi/pulumi/cmd/run/tracing"])(
  "%s loads no compiler, package tree, automation or tracing",
  async (module) => {
    const loaded = await loadedBy(`const result = typeof require("${module}")`);
    expect(loaded).toContain('"object"');
    for (const part of [COMPILER, PACKAGE_TREE, PACKAGE_DATA, AUTOMATION, TRACING]) expect(loaded).not.toContain(part);
  },
);

test("who asks for automation gets it, by either kind of import", async () => {
  const type = "typeof pulumi.automation.LocalWorkspace.create";
  expect(await loadedBy(`const pulumi = require("@pulumi/pulumi"); const result = ${type}`)).toContain('"function"');
  expect(await loadedBy(`const pulumi = await import("@pulumi/pulumi"); const result = ${type}`)).toContain(
    '"function"',
  );
});

test("who traces a run gets the tracing", async () => {
  const start = 'require("@pulumi/pulumi/cmd/run/tracing").start("http://127.0.0.1:1/api/v2/spans"); const result = 1';
  expect(await loadedBy(start)).toContain(TRACING);
});

test("what cannot be serialized is said with its place, also of scripts that were loaded long before", async () => {
  const script =
    "let result; const socket = process.stdout; " +
    'await require("@pulumi/pulumi").runtime.serializeFunction(() => socket.write("x")).catch((e) => (result = e.message))';
  expect(await loadedBy(script)).toMatch(/captured\\n {2}variable 'socket'.*function '_write': writable\(\d+,\d+\)/);
});

test("a function is serialized all the same, which loads the compiler", async () => {
  const loaded = await loadedBy(
    'const result = (await require("@pulumi/pulumi").runtime.serializeFunction(() => "seen")).text',
  );
  expect(loaded).toContain('return () => \\"seen\\"');
  expect(loaded).toContain(COMPILER);
});
