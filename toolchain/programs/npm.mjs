import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * How npm is called: through node where its script is known (that of the npm that runs us, or Windows', whose npm.cmd
 * would need a shell), else by name.
 *
 * @param {string[]} args
 * @returns {[command: string, args: string[]]}
 */
export function npm(args, env = process.env) {
  const beside = join(dirname(process.execPath), "node_modules", "npm", "bin", "npm-cli.js");
  const script = [env.npm_execpath, beside].find((file) => file?.endsWith("npm-cli.js") && existsSync(file));
  return script ? [process.execPath, [script, ...args]] : ["npm", args];
}
