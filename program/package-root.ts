import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The folder of this package: the checkout, or the place where npm has installed it. */
export function packageRoot(from: string = __dirname): string {
  if (existsSync(join(from, "package.json"))) return from;
  const above = dirname(from);
  if (above === from) throw new Error(`no package.json above ${__dirname}: this package is not whole.`);
  return packageRoot(above);
}

/** Whether npm has installed the package. Then it has the providers' texts, which `library/pack.mjs` makes and a checkout lacks. */
export function isInstalled(): boolean {
  return existsSync(join(packageRoot(), PROVIDERS));
}

/** Folder of an installed package with the providers' texts. */
export const PROVIDERS = "providers";

/** Path of a file or folder of this package, relative to the folder in which `pulumi` runs. So nothing of the machine is in the state. */
export function packagePath(path: string): string {
  return relative(process.cwd(), join(packageRoot(), path)).replaceAll("\\", "/");
}
