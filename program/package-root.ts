import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The folder of this package: the checkout, or where npm has installed it. */
export function packageRoot(from: string = __dirname): string {
  if (existsSync(join(from, "package.json"))) return from;
  const above = dirname(from);
  if (above === from) throw new Error(`no package.json above ${__dirname}: this package is not whole.`);
  return packageRoot(above);
}

/** Whether npm has installed it: a checkout has no texts of providers, which `library/pack.mjs` makes. */
export function isInstalled(): boolean {
  return existsSync(join(packageRoot(), PROVIDERS));
}

/** Where an installed package has the texts that its packing made. */
export const PROVIDERS = "providers";

/** A file or folder of this package, relative to the folder that `pulumi` runs in: nothing of the machine is in the state. */
export function packagePath(path: string): string {
  return relative(process.cwd(), join(packageRoot(), path)).replaceAll("\\", "/");
}
