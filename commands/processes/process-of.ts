import { readFileSync, readlinkSync } from "node:fs";
import { isAlive } from "../../program/alive.cjs";

/**
 * Whether a process that was noted as a program's still is: after a power cut another one, of whichever user, may have its number.
 *
 * @param told what says so, as Linux has it: the program's name, or its command line
 * @param word what is in that
 * @returns also true where the system does not tell
 */
export function isProcessOf(pid: number, told: "comm" | "cmdline", word: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/${told}`, "utf8").includes(word);
  } catch {
    return true;
  }
}

/** Whether that is the folder in which a process works, as far as the system tells: of another user's process it does not. */
export function isAtWorkIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}
