import { resolve } from "node:path";
import { build, type BuildOptions } from "esbuild";

/** What may stand behind a name without an ending. */
const ENDINGS = ["", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];
/** TypeScript's own files may be imported by the name that they would be compiled to. */
const COMPILED = /\.[cm]?jsx?$/;

/**
 * The files that a build that fails would read, those that are not there included: what it read when it last worked lacks what was
 * imported since. Builds once more, since to ask for each file slows down a build that works.
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
