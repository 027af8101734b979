// Whether node_modules is what package-lock.json says.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export function packagesAreCurrent(root) {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed) || !isWhole(root, installed)) return false;
  const stamp = stampIn(root);
  if (existsSync(stamp)) return readFileSync(stamp, "utf8") === sourcesHash(root);
  // Somebody ran npm. It writes its own record last, so a record that is younger than the lock file was made from it.
  return statSync(installed).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

/** Whether each package of npm's record is there. An npm that is killed while it removes packages leaves the record and half of them. */
function isWhole(root, installed) {
  try {
    const { packages = {} } = JSON.parse(readFileSync(installed, "utf8"));
    return Object.keys(packages).every((folder) => existsSync(join(root, folder, "package.json")));
  } catch {
    return false;
  }
}

export function stampPackages(root) {
  writeFileSync(stampIn(root), sourcesHash(root));
}

function stampIn(root) {
  return join(root, "node_modules", ".cdc-installed-from");
}

function sourcesHash(root) {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}
