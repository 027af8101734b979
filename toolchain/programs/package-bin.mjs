// The commands that packages of node_modules bring, as node runs them: the scripts of node_modules/.bin would need a shell on Windows.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../environment/paths.mjs";

/**
 * The file of a package's command; undefined where there is no such package.
 *
 * @param {string} command
 * @param {string} [packageName] where it is called otherwise
 */
export function packageBin(command, packageName = command) {
  const folder = join(root, "node_modules", packageName);
  if (!existsSync(join(folder, "package.json"))) return undefined;
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}
