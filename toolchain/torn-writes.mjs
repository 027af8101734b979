// Repairs the files of the local backend that a killed run has left half-written. The CLI reads them, and then refuses every command.
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isWhole, stateFolder } from "../program/state-folder.cjs";

/** A writer renames its temporary file within a millisecond. The writer of a temporary file older than this, in milliseconds, is dead. */
const LOST_AFTER_MS = 5_000;

/**
 * Removes sidecar files (`dev.json.attrs`) that were cut off: a state needs none, but with an empty one the CLI fails with "EOF". Also
 * removes temporary files of locks, which the CLI takes for locks that it cannot read.
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
 * Replaces a state that was cut off, by a full disk, a power cut or an editor, by the CLI's copy of the state before it. The cut-off file
 * stays beside it, as `dev.json.torn`.
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

/** Removes a file. Where that is not allowed, the CLI reports it. */
function remove(file) {
  try {
    rmSync(file);
    return true;
  } catch {
    return false;
  }
}
