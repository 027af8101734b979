import { expect, test } from "@jest/globals";
import { runChild } from "../../commands/processes/child";

/** With `program/lean-sdk.cjs`, Pulumi's SDK loads these only when they are needed, and nothing here needs them. */
const COMPILER = "/node_modules/typescript/lib/";
const PACKAGE_DATA = "/node_modules/normalize-package-data/";
const AUTOMATION = "/node_modules/@pulumi/pulumi/automation/";
const TRACING = "/node_modules/@opentelemetry/sdk-trace";
const HEAVY = [COMPILER, PACKAGE_DATA, AUTOMATION, TRACING];

const LEAN = ["--require", "./program/lean-sdk.cjs"];

async function loadedBy(script: string, options = LEAN): Promise<string> {
  const list = "console.log(JSON.stringify({ result, files: Object.keys(require.cache) }))";
  // The tests themselves run with that file preloaded.
  const env = { ...process.env, NODE_OPTIONS: "" };
  return runChild(process.execPath, [...options, "-e", `(async () => { ${script}; ${list} })()`], { env });
}

const everything = `const result = ["", "/runtime", "/cmd/run/tracing"].map((part) => typeof require("@pulumi/pulumi" + part))`;

test("the program's and the providers' SDK loads no compiler, automation API or tracer", async () => {
  const loaded = await loadedBy(everything);
  expect(loaded).toContain('["object","object","object"]');
  for (const part of HEAVY) expect(loaded).not.toContain(part);
});

test("without lean-sdk.cjs, the SDK loads all of these: if it no longer does, the file is not needed", async () => {
  const loaded = await loadedBy(everything, []);
  for (const part of HEAVY) expect(loaded).toContain(part);
});

test("who asks for automation gets it, by either kind of import", async () => {
  const type = "typeof pulumi.automation.LocalWorkspace.create";
  expect(await loadedBy(`const pulumi = require("@pulumi/pulumi"); const result = ${type}`)).toContain('"function"');
  expect(await loadedBy(`const pulumi = await import("@pulumi/pulumi"); const result = ${type}`)).toContain(
    '"function"',
  );
});

test("who traces a run gets the tracing", async () => {
  const start = `require("@pulumi/pulumi/cmd/run/tracing").start("http://127.0.0.1:1/api/v2/spans");
    const result = require("@pulumi/pulumi/cmd/run/tracing").newSpan("a").constructor.name`;
  const loaded = await loadedBy(start);
  expect(loaded).toContain('"SpanImpl"');
  expect(loaded).toContain(TRACING);
});

test("a function is serialized all the same, which loads the compiler", async () => {
  const loaded = await loadedBy(
    'const result = (await require("@pulumi/pulumi").runtime.serializeFunction(() => "seen")).text',
  );
  expect(loaded).toContain('return () => \\"seen\\"');
  expect(loaded).toContain(COMPILER);
});

test("a package that a serialized function captures is found with its version", async () => {
  const loaded = await loadedBy(
    `const { codePaths } = { codePaths: require("@pulumi/pulumi").runtime.computeCodePaths };
     const result = [...(await codePaths({ extraIncludePackages: [] })).keys()].some((path) => path.includes("fzstd"))`,
  );
  expect(loaded).toContain('"result":true');
});
