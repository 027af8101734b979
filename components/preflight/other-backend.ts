/** A state that PULUMI_BACKEND_URL hides: the stack is in this folder's own state, and the variable names another backend. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { shownBackend, stateFile, stateFolder } from "../../program/state-folder.cjs";
import { isNew } from "./is-new";

/**
 * @param command the command to run again
 * @returns a sentence with the way out; undefined where the variable is not set, or the folder's own state knows nothing of the stack either
 */
export function hiddenState(
  project: string,
  stack: string,
  command: string,
  env: NodeJS.ProcessEnv = process.env,
  root = process.cwd(),
): string | undefined {
  const url = env["PULUMI_BACKEND_URL"];
  const own = resolve(root, stateFolder(undefined)!);
  const named = stateFolder(url);
  if (!url || (named !== undefined && resolve(root, named) === own)) return undefined;
  if (!knows(stateFile(own, project, stack))) return undefined;
  return `This folder's own state knows them, and PULUMI_BACKEND_URL names another one (${shownBackend(url)}): \`unset PULUMI_BACKEND_URL\`, then ${command} again.`;
}

function knows(file: string): boolean {
  try {
    return !isNew(readFileSync(file, "utf8"));
  } catch {
    // There is none, or it cannot be read.
    return false;
  }
}
