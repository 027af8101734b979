// What a run that was killed while the local backend wrote leaves behind. The CLI reads it, and then refuses everything.
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
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
  const folder = backendFolder({ env, root, home });
  if (folder === undefined) return [];
  const sidecars = filesIn(join(folder, ".pulumi", "stacks"), ".attrs").filter(isCutOff);
  const halfLocks = filesIn(join(folder, ".pulumi", "locks"), ".tmp").filter((file) => isLost(file, now));
  return [...sidecars, ...halfLocks].filter(remove);
}

/**
 * Puts the copy that the CLI keeps of a stack's last state but one in the place of a state that was cut off: by a disk that was full,
 * a power cut, an editor. What was there stays beside it, as `dev.json.torn`.
 *
 * @param {{ env: NodeJS.ProcessEnv, root: string, home?: string, now?: number }} place
 * @returns {{ file: string, written: Date }[]} which files, and when their copies were written
 */
export function restoreTornStates({ env, root, home, now = Date.now() }) {
  const folder = backendFolder({ env, root, home });
  if (folder === undefined) return [];
  return filesIn(join(folder, ".pulumi", "stacks"), ".json")
    .filter((file) => isCutOff(file) && isLost(file, now) && isWhole(`${file}.bak`))
    .map((file) => {
      renameSync(file, `${file}.torn`);
      copyFileSync(`${file}.bak`, file);
      return { file, written: statSync(`${file}.bak`).mtime };
    });
}

function backendFolder({ env, root, home }) {
  const named = stateFolder(env.PULUMI_BACKEND_URL, home);
  return named === undefined ? undefined : resolve(root, named);
}

function isWhole(file) {
  return statSync(file, { throwIfNoEntry: false }) !== undefined && !isCutOff(file);
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
  // Of a moment to come: the clock was set back since.
  return Math.abs(now - mtimeMs) > LOST_AFTER_MS;
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
