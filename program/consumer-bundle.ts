import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { BuildFailure, BuildOptions } from "esbuild";
import { buildContext, type ContextFile } from "./build-context";
import { bundle } from "./bundle.cjs";
import { packagesOf } from "./bundled-packages";
import { packagePath, packageRoot } from "./package-root";

/**
 * Bundles the consumer with a handler, and its page, and lays out the image's build context.
 *
 * It runs with every `pulumi up`, beside the preflight, so an `up` applies each edit of `consumer/` or of the handler.
 *
 * @param handler file that exports `handle`, relative to the project
 * @returns the context's folder, relative to the project: its name changes with the content
 * @throws pulumi.RunError with file, line and reason when it cannot be built
 */
export async function bundleConsumer(handler: string, out = "dist/consumer"): Promise<string> {
  const dockerfile = { path: "Dockerfile", content: readFileSync(packagePath("images/consumer/Dockerfile")) };
  const [consumer, shown] = await Promise.all([program(handler), page()]);
  const packages = { path: "app/packages.txt", content: packagesOf([...consumer.inputs, ...shown.inputs]) };
  const files = [...consumer.files, ...shown.files, packages, dockerfile];
  return buildContext(out, files);
}

interface Bundle {
  files: ContextFile[];
  /** Files of which the bundles were made, relative to the project. */
  inputs: string[];
}

async function program(handler: string): Promise<Bundle> {
  return bundled("consumer", programOptions(handler)).catch((error: Partial<BuildFailure>) => {
    throw error.errors ? new pulumi.RunError(unbuiltText(handler, error.errors)) : error;
  });
}

/** Pure: the message for a mistake in the handler. It leaves out the program's own stack, which says nothing about the mistake. */
function unbuiltText(handler: string, errors: BuildFailure["errors"]): string {
  const where = ({ location: at }: (typeof errors)[number]) => (at ? `${at.file}:${at.line}:${at.column + 1}: ` : "");
  return `cdc:handler is "${handler}", which cannot be built: ${errors.map((each) => where(each) + each.text).join("; ")}`;
}

/** How ES modules ask for their own path, mostly to make a `require`. In CommonJS this has another form, and esbuild would make it undefined. */
const MODULES_OWN_PLACE = {
  define: {
    "import.meta.url": "importMetaUrl",
    "import.meta.filename": "__filename",
    "import.meta.dirname": "__dirname",
  },
  banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
} as const;

/** Path in the image of the file that `programOptions` makes. */
export const PROGRAM = "/app/consumer.js";

/**
 * Options for esbuild to make one file of the consumer and a handler. The consumer names no handler: here the two are put together.
 *
 * @throws when there is no such file
 */
export function programOptions(handler: string): BuildOptions {
  if (!statSync(handler, { throwIfNoEntry: false })?.isFile()) {
    throw new pulumi.RunError(`cdc:handler is "${handler}", where there is no file; name one that exports handle.`);
  }
  const contents = `import { handle } from ${JSON.stringify(resolve(handler))};
import { run } from "./consumer/main";
run(handle);
`;
  return {
    stdin: { contents, resolveDir: packageRoot(), sourcefile: "start.js" },
    outfile: "app/consumer.js",
    platform: "node",
    target: "node20",
    format: "cjs",
    ...MODULES_OWN_PLACE,
    sourcemap: "inline",
    sourcesContent: false,
  };
}

async function page(): Promise<Bundle> {
  const options: BuildOptions = {
    entryPoints: { page: packagePath("consumer/page/main.ts") },
    outdir: "app/page",
    platform: "browser",
    target: "es2022",
    format: "esm",
    minify: true,
  };
  const styles = { ...options, entryPoints: { page: packagePath("consumer/page/styles/page.css") } };
  const made = await Promise.all([bundled("page", options), bundled("styles", styles)]);
  const index = { path: "app/page/index.html", content: readFileSync(packagePath("consumer/page/index.html")) };
  return { files: [...made.flatMap(({ files }) => files), index], inputs: made.flatMap(({ inputs }) => inputs) };
}

async function bundled(name: string, options: BuildOptions): Promise<Bundle> {
  const { outputs, inputs } = await bundle(name, options);
  return { files: outputs.map(({ path, text }) => ({ path, content: text })), inputs };
}
