import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isAlive } from "../../program/alive.cjs";

/** Lets one run of a kind at a time work in a checkout: two would remove each other's stacks. */
export class Lock {
  private constructor(private readonly file: string) {}

  /** @param what it is that runs. @throws when another run that is still alive has it */
  static take(what: string, file: string, alive: (pid: number) => boolean = isAlive): Lock {
    mkdirSync(dirname(file), { recursive: true });
    const holder = lockHolder(file);
    if (holder !== undefined && holder !== process.pid && alive(holder)) {
      throw new Error(`Another ${what} runs from this folder (process ${holder}); wait for it, or end it.`);
    }
    writeFileSync(file, String(process.pid));
    return new Lock(file);
  }

  release(): void {
    if (lockHolder(this.file) === process.pid) rmSync(this.file, { force: true });
  }
}

/** Id of the process that took it; it may have ended since. */
export function lockHolder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
