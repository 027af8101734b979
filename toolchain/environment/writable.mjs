import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What is wrong with a folder that will be written to: a read-only or full disk, or no such folder. Told before anything is done, since each
 * program that meets it half-way has words of its own for it.
 *
 * @param {string} folder made where it is not there
 * @param {string} what it is for, as in "temporary files"
 * @param {string} variable that names another one
 * @returns {{ problem: string, remedy: string } | undefined} in the set-up's form
 */
export function unwritable(folder, what, variable) {
  let own;
  try {
    mkdirSync(folder, { recursive: true });
    own = mkdtempSync(join(folder, "cdc-look-"));
    // A full disk takes a folder, and no byte.
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
