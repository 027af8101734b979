// What a run that was killed while the local backend wrote leaves behind. The CLI reads it, and then refuses everything.
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { stateFolder } from "../program/state-folder.cjs";

/** A file gets its own name within a millisecond; a temporary one of this age has lost its writer. */
const LOST_AFTER_MS = 5_000;

/**
 * Removes sidecar files (`dev.json.attrs`) that were cut off, since a state without one is whole and a state with an
 * empty one is "EOF"; and temporary files of locks, which count as locks that nobody can read.
 *
 * @param {{ env: NodeJS.ProcessEnv, root: string, home?: string, now?: number }} place
 * @returns {string[]} the files that are gone
 */
export function clearTornWrites({ env, root, home, now = Date.now() }) {
  const named = stateFolder(env.PULUMI_BACKEND_URL, home);
  if (named === undefined) return [];
  const folder = resolve(root, named);
  const sidecars = filesIn(join(folder, ".pulumi", "stacks"), ".attrs").filter(isCutOff);
  const halfLocks = filesIn(join(folder, ".pulumi", "locks"), ".tmp").filter((file) => isLost(file, now));
  return [...sidecars, ...halfLocks].filter(remove);
}

function filesIn(folder, ending) {
  try {
    const names = readdirSync(folder, { recursive: true }).map(String);
    return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** One that is being written now may look so too. Its writer does without it as well. */
function isCutOff(file) {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return false;
  } catch (error) {
    return error instanceof SyntaxError;
  }
}

function isLost(file, now) {
  const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: now };
  return now - mtimeMs > LOST_AFTER_MS;
}

/** A backend where nothing may be removed is the CLI's to complain about. */
function remove(file) {
  try {
    rmSync(file);
    return true;
  } catch {
    return false;
  }
}
