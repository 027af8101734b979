// `node toolchain/run.mjs COMMAND …`: sets up what is missing, then runs the command with the project's environment.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { which } from "./programs/command.mjs";
import { packageBin } from "./programs/package-bin.mjs";
import { pathOf, preloading } from "./environment/environment.mjs";
import { leanSdk, root } from "./environment/paths.mjs";
import { environmentHere } from "./environment/process-environment.mjs";
import { setUpOrExit, WITHOUT_IMAGES } from "./setup.mjs";

const [name, ...args] = process.argv.slice(2);
if (!name) {
  process.stderr.write("usage: node toolchain/run.mjs COMMAND [ARGUMENT …]\n");
  process.exit(2);
}
// A command of the project says what it does with nothing but the packages: no engine is started for it, and no CLI is compiled.
const asksForHelp = name.endsWith(".ts") && (args.includes("--help") || args.includes("-h"));
// What chooses a stack or a backend has to run where none is chosen yet, and needs nothing else.
const chooses =
  name === "pulumi" &&
  (["login", "logout"].includes(args[0]) || (args[0] === "stack" && ["select", "init", "ls"].includes(args[1])));
// `npm stop` is what makes room on a full disk.
const buildsNothing =
  ["commands/stop.ts", "commands/watch.ts", "commands/demo.ts"].includes(name) ||
  (name === "pulumi" && ["cancel", "config", "destroy", "down", "stack", "state"].includes(args[0]));
const some = buildsNothing ? WITHOUT_IMAGES : undefined;
const wanted = asksForHelp ? ["packages"] : chooses ? ["packages", "cli"] : some;
// Not on stdout: that belongs to the command.
const { cli, engine } = await setUpOrExit(process.stderr, wanted);
const env = preloading(leanSdk, { ...process.env, ...environmentHere({ cli, engine }) });
const [command, ...before] = commandLine(name, pathOf(env));
const child = spawn(command, [...before, ...args], { stdio: "inherit", env, cwd: root });

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => forward(signal));
child.on("error", (error) => {
  process.stderr.write(`Cannot run ${name}: ${error.message}\n`);
  process.exit(127);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));

/** Ctrl-C on a terminal reaches the child by itself; a second one from here would make Pulumi give up at once. */
function forward(signal) {
  if (signal === "SIGINT" && process.stdin.isTTY) return;
  child.kill(signal);
}

/** TypeScript of the project is bundled; a package's command is run through node. */
function commandLine(name, path) {
  if (name.endsWith(".ts")) return [process.execPath, join(root, "program", "run-command.cjs"), name];
  const file = packageBin(name);
  return file === undefined ? [which(name, path) ?? name] : [process.execPath, file];
}
