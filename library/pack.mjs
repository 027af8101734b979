// `npm run package`: packs the components for other people's Pulumi programs, as dist/cdc-<version>.tgz.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { refuseArguments, run } from "../toolchain/programs/command.mjs";
import { manifest } from "./manifest.mjs";
import { npm } from "../toolchain/programs/npm.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
/** The folder that is packed. It has a folder `providers`, by which code tells an installed package from a checkout. */
const OUT = join(ROOT, "dist", "library");

/** The output of the compiler and of npm. */
const LOG = join(ROOT, "dist", "library.log");

/** The providers of dynamic resources, which the engine runs as texts. */
const PROVIDERS = ["components/connector/connector-provider", "components/capture/capture-provider"];

/** Makes the folder. @returns its path */
export async function makeLibrary({ log = LOG, env = process.env } = {}) {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(join(OUT, "providers"), { recursive: true });
  await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.library.json"], {
    ...{ log, env, cwd: ROOT },
  });
  // Files that the compiler does not copy.
  for (const file of readdirSync(join(ROOT, "program")).filter((name) => /\.(cjs|d\.cts)$/.test(name))) {
    cpSync(join(ROOT, "program", file), join(OUT, "lib", "program", file));
  }
  const { providerOptions } = await import("../program/provider-options.cjs");
  const { build } = await import("esbuild");
  for (const entry of PROVIDERS) {
    const outfile = join(OUT, "providers", `${entry.replaceAll("/", "-")}.js`);
    await build({ ...providerOptions(entry), absWorkingDir: ROOT, bundle: true, outfile, logLevel: "error" });
  }
  // The program that uses the package builds the images, and bundles the consumer with a handler.
  for (const folder of ["images", "consumer", "components", "database"]) {
    cpSync(join(ROOT, folder), join(OUT, folder), { recursive: true, filter: isOfPackage });
  }
  const project = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  writeFileSync(join(OUT, "package.json"), `${JSON.stringify(manifest(project), null, 2)}\n`);
  cpSync(join(ROOT, "docs", "library.md"), join(OUT, "README.md"));
  return OUT;
}

/** Whether a file belongs to the package. Certificates do not: they are this machine's. */
function isOfPackage(path) {
  return !basename(path).endsWith(".crt");
}

/** @returns the tarball's path */
export async function packLibrary(options = {}) {
  const { log = LOG, env = process.env } = options;
  const folder = await makeLibrary(options);
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const [command, args] = npm(["pack", "--pack-destination", join(ROOT, "dist"), "--loglevel=error"], env);
  await run(command, args, { log, env, cwd: folder });
  return join(ROOT, "dist", `${name}-${version}.tgz`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  refuseArguments("package", "Makes the components a package for other Pulumi programs: dist/cdc-<version>.tgz.");
  void packLibrary().then(console.log);
}
