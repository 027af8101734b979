import { expect, test } from "@jest/globals";
import { build } from "esbuild";
import { PROVIDERS, SHARED } from "./entries";

/** The packages that are imported by a module and by all that it imports from this project, without Node's own. */
async function packagesOf(module: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [`${module}.ts`],
    ...{ bundle: true, write: false, metafile: true, packages: "external", platform: "node", logLevel: "silent" },
  });
  const imports = Object.values(metafile.outputs).flatMap(({ imports: all }) => all.map(({ path }) => path));
  const names = imports.map((path) => /^(@[^/]+\/)?[^/]+/.exec(path)![0]).filter((name) => !name.startsWith("node:"));
  return [...new Set(names)].sort();
}

test.each(SHARED)(
  "%s asks for Pulumi's SDK, and for esbuild in a checkout alone: no Docker, no Kafka",
  async (module) => {
    expect(await packagesOf(module)).toEqual(["@pulumi/pulumi", "esbuild"]);
  },
);

test("the providers ask for what the package depends on, and nothing else", async () => {
  const packages = await Promise.all(PROVIDERS.map(packagesOf));
  expect([...new Set(packages.flat())].sort()).toEqual(["axios", "kafkajs", "pg"]);
});
