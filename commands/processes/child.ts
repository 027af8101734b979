import { spawn } from "node:child_process";

export interface ChildOptions {
  /** The working directory. @default this process's */
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** What the program reads. @default nothing */
  input?: string;
  /** Kills the program and all that it started, at once. */
  signal?: AbortSignal;
}

/**
 * Runs a program to its end in a process group of its own. So Ctrl-C does not reach it directly, and processes that it started end with it.
 *
 * @returns its standard output
 * @throws with both outputs in the message when it ends with another code than 0, and its error output alone in `stderr`
 */
export function runChild(
  command: string,
  args: string[],
  { cwd, env, input, signal }: ChildOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const grouped = process.platform !== "win32";
    const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], detached: grouped });
    // A program that ends without reading its input says itself why.
    child.stdin.on("error", () => undefined).end(input);
    const stop = (): void => {
      try {
        process.kill(grouped ? -child.pid! : child.pid!, "SIGKILL");
      } catch {
        // It has ended just before.
      }
    };
    signal?.addEventListener("abort", stop, { once: true });
    let stdout = "";
    let stderr = "";
    // By itself each chunk would lose the character that its end cuts in two.
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", (error) => reject(new Error(`Cannot run ${command}: ${error.message}`, { cause: error })));
    child.once("close", (code) => {
      signal?.removeEventListener("abort", stop);
      if (code === 0) resolve(stdout);
      else {
        const said = `${command} ${args.join(" ")} ended with code ${code}:\n${stdout}\n${stderr}`;
        reject(Object.assign(new Error(said), { stderr }));
      }
    });
  });
}
