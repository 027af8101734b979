import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";

type Provider = pulumi.dynamic.ResourceProvider;
type Module = Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>>;

/**
 * A dynamic provider whose verbs live in a module of their own.
 *
 * Pulumi turns a provider into text, keeps it in the state and runs it in another process, also at `destroy` when the
 * program does not run. Its own serializer breaks ordinary code on the way, silently (class fields, `extends Error`,
 * `Map`, `Date`), and wraps each function in text of its own. So the module is bundled here, as any program would be,
 * and Pulumi has one string and a handful of one-line functions to carry. Packages stay `require`d.
 *
 * @param entry the module's path without extension, as in `path.join(__dirname, "provider")`
 * @param name what the module exports the provider as
 */
export function bundledProvider(entry: string, name: string): Provider {
  const code = bundle(entry);
  const run = async <T>(verb: keyof Provider, args: unknown[]): Promise<T> => {
    // Evaluated once a process, whatever Pulumi does with its text, so that a check is remembered in the create after it.
    const loaded = ((globalThis as { cdcProviders?: Record<string, Module> }).cdcProviders ??= {});
    if (!loaded[code]) {
      const module = { exports: {} as Module };
      new Function("module", "exports", "require", code)(module, module.exports, require);
      loaded[code] = module.exports;
    }
    // Pulumi's wire format knows no `undefined`, and fails on it without saying where.
    const plain = (value: unknown): unknown => (value === undefined ? value : JSON.parse(JSON.stringify(value)));
    try {
      return plain(await loaded[code]![name]![verb]!(...args)) as T;
    } catch (error) {
      const { properties } = error as { properties?: object };
      throw properties ? Object.assign(error as Error, { properties: plain(properties) }) : error;
    }
  };
  return {
    check: (olds, news) => run("check", [olds, news]),
    diff: (id, olds, news) => run("diff", [id, olds, news]),
    create: (inputs) => run("create", [inputs]),
    read: (id, props) => run("read", [id, props]),
    update: (id, olds, news) => run("update", [id, olds, news]),
    delete: (id, props) => run("delete", [id, props]),
  };
}

const bundles: Record<string, string> = {};

function bundle(entry: string): string {
  return (bundles[entry] ??= buildSync({
    entryPoints: [`${entry}.ts`],
    absWorkingDir: path.dirname(entry),
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
    // Names stay, for stack traces that can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
  }).outputFiles[0]!.text);
}
