import { resolve } from "node:path";
import { build, type BuildOptions } from "esbuild";

/** Endings that an import may leave out. */
const ENDINGS = ["", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];
/** A TypeScript file may be imported by the name of the file that it would be compiled to. */
const COMPILED = /\.[cm]?jsx?$/;

/**
 * The files that a failed build wanted to read, also those that do not exist. The list of the last good build lacks what was imported
 * since. This builds once more, because a build that reports each file is slower, and good builds need not be.
 */
export async function lookedFor(options: BuildOptions): Promise<string[]> {
  const files = new Set<string>();
  const asking = {
    name: "looked-for",
    setup: (builder: Parameters<NonNullable<BuildOptions["plugins"]>[number]["setup"]>[0]) =>
      builder.onResolve({ filter: /^(\.{1,2}(\/|$)|\/)/ }, ({ path, resolveDir }) => {
        const file = resolve(resolveDir, path);
        if (!file.includes("node_modules")) for (const one of behind(file)) files.add(one);
        return undefined;
      }),
  };
  await build({ ...options, plugins: [asking] }).catch(() => undefined);
  return [...files];
}

function behind(file: string): string[] {
  const names = [file, file.replace(COMPILED, ""), resolve(file, "index")];
  return names.flatMap((name) => ENDINGS.map((ending) => name + ending));
}
