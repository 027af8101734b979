import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * What is wrong with a folder that will be written to: a read-only or full disk, or no such folder. The set-up asks before it does anything,
 * since each program that fails half-way has a message of its own.
 *
 * @param {string} folder made where it is not there
 * @param {string} what it is for, as in "temporary files"
 * @param {string} variable that names another one
 * @returns {{ problem: string, remedy: string } | undefined} in the set-up's form
 */
export function unwritable(folder, what, variable) {
  let own;
  try {
    make(folder);
    own = mkdtempSync(join(folder, "cdc-look-"));
    // A full disk may still take a folder, but no byte.
    writeFileSync(join(own, "look"), "x");
    return undefined;
  } catch (error) {
    return {
      problem: `The folder for ${what}, ${folder}, cannot be written to: ${error.code} (${error.syscall}).`,
      remedy: `make room or give the right to write there, or name another folder: \`export ${variable}=…\`.`,
    };
  } finally {
    if (own !== undefined) rmSync(own, { recursive: true, force: true });
  }
}

/** Node's own `recursive` never ends where a file system has no place for the folder and says ENOENT, as /proc does (Node 20.20). */
function make(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === "EEXIST" && statSync(folder).isDirectory()) return;
    if (error.code !== "ENOENT" || existsSync(dirname(folder))) throw error;
    make(dirname(folder));
    make(folder);
  }
}
