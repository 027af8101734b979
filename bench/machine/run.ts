import { spawn } from "node:child_process";

export interface RunOptions {
  /** The working directory. @default this process's */
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Kills the program and all that it started. */
  signal?: AbortSignal;
}

/** Runs a program to its end. @returns its output @throws with all of its output when it ends with another code than 0 */
export function run(command: string, args: readonly string[], { cwd, env, signal }: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    // In a process group of its own, so that processes that it started end with it.
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const stop = (): void => {
      try {
        process.kill(-child.pid!, "SIGKILL");
      } catch {
        // It has ended just before.
      }
    };
    signal?.addEventListener("abort", stop, { once: true });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.once("error", (error) => reject(new Error(`Cannot run ${command}: ${error.message}`, { cause: error })));
    child.once("close", (code) => {
      signal?.removeEventListener("abort", stop);
      if (code === 0) resolve(stdout);
      else reject(new Error(`${command} ${args.join(" ")} ended with code ${code}:\n${stdout}\n${stderr}`));
    });
  });
}
