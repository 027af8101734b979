// Commands of the packages in node_modules, run through node: the scripts in node_modules/.bin would need a shell on Windows.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../environment/paths.mjs";

/**
 * The file of a package's command; undefined when there is no such package.
 *
 * @param {string} command
 * @param {string} [packageName] when the package has another name than the command
 */
export function packageBin(command, packageName = command) {
  const folder = join(root, "node_modules", packageName);
  if (!existsSync(join(folder, "package.json"))) return undefined;
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}
