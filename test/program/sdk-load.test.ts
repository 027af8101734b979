import { expect, test } from "@jest/globals";
import { runChild } from "../../commands/child";

/** `patches/` makes Pulumi's SDK load these two when a function is serialized, which nothing here does: half of its time. */
const COMPILER = "/node_modules/typescript/lib/";
const PACKAGE_TREE = "/node_modules/@npmcli/arborist/";

async function loadedBy(script: string): Promise<string> {
  const list = "console.log(JSON.stringify({ result, files: Object.keys(require.cache) }))";
  return runChild(process.execPath, ["-e", `(async () => { ${script}; ${list} })()`]);
}

test.each(["@pulumi/pulumi", "@pulumi/pulumi/runtime"])(
  "%s loads neither the compiler nor npm's package tree",
  async (module) => {
    const loaded = await loadedBy(`const result = typeof require("${module}")`);
    expect(loaded).toContain('"object"');
    expect(loaded).not.toContain(COMPILER);
    expect(loaded).not.toContain(PACKAGE_TREE);
  },
);

test("a function is serialized all the same, which loads the compiler", async () => {
  const loaded = await loadedBy(
    'const result = (await require("@pulumi/pulumi").runtime.serializeFunction(() => "seen")).text',
  );
  expect(loaded).toContain('return () => \\"seen\\"');
  expect(loaded).toContain(COMPILER);
});
