import { readFileSync } from "node:fs";
import { type Component, npmComponent } from "./component";

/** The fields of `package-lock.json` that are read here. */
interface Lock {
  packages: Record<string, { name?: string; version?: string; link?: boolean }>;
}

/** The npm packages that `npm ci` installs, each version once. */
export function lockedPackages(): Component[] {
  return packagesIn(JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock);
}

/** Pure. */
export function packagesIn({ packages }: Lock): Component[] {
  const found = Object.entries(packages).flatMap(([path, { name, version }]) => {
    const [, installed] = /^(?:.*\/)?node_modules\/(.+)$/.exec(path) ?? [];
    // The project itself has no folder in the lock file. A package that is installed under another name has its own as `name`.
    return installed === undefined || version === undefined ? [] : [`${name ?? installed}@${version}`];
  });
  return [...new Set(found)].sort().map(npmComponent);
}
