import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The command that runs npm: node with npm's script when that is known (the script of the npm that runs this process, or on Windows, whose npm.cmd
 * would need a shell), else npm by name.
 *
 * @param {string[]} args
 * @returns {[command: string, args: string[]]}
 */
export function npm(args, env = process.env) {
  const beside = join(dirname(process.execPath), "node_modules", "npm", "bin", "npm-cli.js");
  const script = [env.npm_execpath, beside].find((file) => file?.endsWith("npm-cli.js") && existsSync(file));
  return script ? [process.execPath, [script, ...args]] : ["npm", args];
}
