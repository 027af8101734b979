// Runs other programs. Their output goes to a log or is returned, never to the screen.
import { spawn } from "node:child_process";
import { accessSync, closeSync, constants, openSync, statSync, writeSync } from "node:fs";
import { delimiter, join } from "node:path";

const running = new Set();
/** Those that nobody may end half-way. They end by themselves. */
const spared = new WeakSet();
let isStopped = false;

/** Error for a program that failed, with what a person needs to know about it. */
export class CommandError extends Error {
  /** @param {string} message @param {string | undefined} log @param {string} [remedy] where it is another than the step's */
  constructor(message, log, remedy) {
    super(message);
    this.name = "CommandError";
    this.log = log;
    this.remedy = remedy;
  }
}

/**
 * For a command that takes no arguments. With `--help`, it prints what the command does. With any other argument it ends the process with 2, because
 * the command would do something else than its user wants.
 *
 * @param {string} about a sentence that says what the command does
 */
export function refuseArguments(command, about, args = process.argv.slice(2)) {
  if (args.length === 0) return;
  if (args.every((arg) => arg === "--help" || arg === "-h")) {
    process.stdout.write(`${about}\n\n  npm run ${command}\n`);
    process.exit(0);
  }
  process.stderr.write(`npm run ${command} takes no arguments, and got ${args.join(" ")}\n`);
  process.exit(2);
}

/** The file of a command, searched as the shell does; undefined when there is none. */
export function which(name, path = process.env.PATH ?? "") {
  const endings = process.platform === "win32" ? (process.env.PATHEXT ?? ".EXE;.CMD").split(";") : [""];
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a program and returns its output. Never throws: for a program that does not exist, `code` is undefined.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, seconds?: number }} [options]
 */
export async function capture(command, args, { env, cwd, seconds = 20 } = {}) {
  const child = start(command, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text) => (stderr += text));
  const { code, problem } = await ended(child, seconds);
  return { code, stdout: stdout.trim(), stderr: stderr.trim() || (problem ? `${command} ${problem}` : "") };
}

/**
 * Runs a program to its end, and appends its output to `log`.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ log: string, env?: NodeJS.ProcessEnv, cwd?: string, seconds?: number, isSpared?: boolean }} options `seconds`: no limit if absent;
 *   `isSpared`: {@link stopRunning} leaves it alone
 * @throws {CommandError} when it cannot be started, takes longer than `seconds`, or ends with another code than 0
 */
export async function run(command, args, { log, env, cwd, seconds, isSpared }) {
  const output = openSync(log, "a");
  try {
    writeSync(output, `$ ${[command, ...args].join(" ")}\n`);
    if (isStopped) throw new CommandError(`${command} was not started: the set-up has ended`, log);
    const { code, problem } = await ended(
      start(command, args, { env, cwd, stdio: ["ignore", output, output] }, isSpared),
      seconds,
    );
    if (code !== 0) throw new CommandError(`${command} ${problem ?? `ended with code ${code}`}`, log);
    // What it was for goes on no further.
    if (isStopped) throw new CommandError(`${command} has ended, and so has the set-up`, log);
  } finally {
    closeSync(output);
  }
}

/** Kills all running programs but those that are spared, for a set-up that is interrupted. No further one is run to its end. */
export function stopRunning() {
  isStopped = true;
  for (const child of running) if (!spared.has(child)) stop(child);
}

/** Has Ctrl-C end all running programs with this one: they are in groups of their own, which a terminal does not reach. @returns undoes that */
export function stopOnSignals() {
  const interrupt = (signal) => {
    stopRunning();
    process.exit(128 + { SIGINT: 2, SIGTERM: 15 }[signal]);
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return () => process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
}

function start(command, args, options, isSpared = false) {
  const windows = process.platform === "win32";
  // A process group of its own lets a time limit end a program's children too. On Windows a .cmd needs a shell.
  const child = spawn(command, args, {
    ...options,
    detached: !windows,
    windowsHide: true,
    shell: windows && /\.(cmd|bat)$/i.test(command),
  });
  running.add(child);
  if (isSpared) spared.add(child);
  return child;
}

function ended(child, seconds) {
  return new Promise((resolve) => {
    let problem;
    const limit =
      seconds && setTimeout(() => ((problem = `took longer than ${seconds} s`), stop(child)), seconds * 1000);
    const done = (code) => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ code, problem });
    };
    child.on("error", (error) => {
      problem = error.code === "ENOENT" ? "is not installed" : error.message;
      done(undefined);
    });
    child.on("close", (code, signal) => {
      if (signal) problem ??= `was ended by ${signal}`;
      done(code ?? undefined);
    });
  });
}

function stop(child) {
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGTERM");
  } catch {
    // It has ended just before.
  }
}
