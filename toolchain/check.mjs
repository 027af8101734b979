// `npm run check`: checks format, lint and types. Each takes one core, so as many run at a time as there are cores.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { root } from "./environment/paths.mjs";
import { refuseArguments } from "./programs/command.mjs";
import { inLanes } from "./programs/lanes.mjs";
import { packageBin } from "./programs/package-bin.mjs";

/** The longest first, so that no long check runs by itself at the end. */
const CHECKS = [
  { command: "eslint", args: ["--max-warnings", "0", "."] },
  { command: "prettier", args: ["--check", "."] },
  { command: "tsc", from: "typescript", args: ["--noEmit"] },
  { command: "tsc", from: "typescript", args: ["-p", "test/consumer/page"] },
  { command: "tsc", from: "typescript", args: ["-p", "consumer/page"] },
];

refuseArguments("check", "Checks format, lint and types of the project's sources.");
const results = await inLanes(CHECKS, availableParallelism(), told);
const failed = results.filter(({ code }) => code !== 0).map(({ what }) => what);
if (failed.length > 0) process.stderr.write(`Failed: ${failed.join("; ")}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;

async function told(check) {
  const what = [check.command, ...check.args].join(" ");
  const begun = performance.now();
  const { code, output } = await ran(check);
  // Prints the whole output of a check at once: lines of two checks would be mixed.
  process.stdout.write(`${what}: ${((performance.now() - begun) / 1000).toFixed(1)} s\n${output}`);
  return { what, code };
}

/** @returns {Promise<{ code: number | null, output: string }>} */
function ran({ command, from, args }) {
  return new Promise((resolve) => {
    const file = packageBin(command, from);
    if (file === undefined) return resolve({ code: 1, output: `${command} is not installed: npm ci --include=dev\n` });
    const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => (output += text));
    }
    child.on("error", (error) => resolve({ code: 1, output: `${error.message}\n` }));
    child.on("close", (code) => resolve({ code, output }));
  });
}
