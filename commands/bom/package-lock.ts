import { readFileSync } from "node:fs";
import { type Component, npmComponent } from "./component";

/** What of `package-lock.json` is read here. */
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
    // The project itself has no folder there. A package under another name says its own.
    return installed === undefined || version === undefined ? [] : [`${name ?? installed}@${version}`];
  });
  return [...new Set(found)].sort().map(npmComponent);
}
