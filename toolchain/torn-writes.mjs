// Repairs the files of the local backend that a killed run has left half-written. The CLI reads them, and then refuses every command.
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isWhole, stateFolder } from "../program/state-folder.cjs";
import { SetUpError } from "./report.mjs";

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
 * @throws {SetUpError} where the copy cannot be written; the cut-off state is still there then
 */
export function restoreTornStates({ env, root, home, now = Date.now() }) {
  const folder = backendFolder({ env, root, home });
  if (folder === undefined) return [];
  const stacks = join(folder, ".pulumi", "stacks");
  const cutOff = filesIn(stacks, ".json").filter((file) => isCutOff(file) && isLost(file, now));
  const halfRepaired = filesIn(stacks, TORN)
    .map((torn) => torn.slice(0, -TORN.length))
    .filter((file) => file.endsWith(".json") && isHalfRepaired(file));
  return [...cutOff, ...halfRepaired]
    .filter((file) => isWhole(`${file}.bak`))
    .map((file) => {
      restore(file);
      return { file, written: statSync(`${file}.bak`).mtime };
    });
}

const TORN = ".torn";

/** Without its file a stack does not exist for the CLI, which would begin an empty one. So the file is replaced in one step, by a copy that is on the disk. */
function restore(file) {
  const copy = `${file}.restored.${process.pid}`;
  try {
    writeFileSync(copy, readFileSync(`${file}.bak`), { flush: true });
    keepBeside(file);
    renameSync(copy, file);
  } catch (error) {
    remove(copy);
    throw new SetUpError({
      problem: `Pulumi's state ${file} is cut off, and the CLI's copy of it, ${file}.bak, cannot be put in its place: ${error.code ?? error.message} (${error.syscall}).`,
      remedy: `make room in ${dirname(file)}, or give the right to write there, then the same command again. Nothing was changed.`,
    });
  }
}

/** By a second name of the same file, which a full disk still takes. */
function keepBeside(file) {
  rmSync(`${file}${TORN}`, { force: true });
  try {
    linkSync(file, `${file}${TORN}`);
  } catch {
    // There is no file of this name, or the file system has no second names. What was cut off is worth less than a state.
  }
}

/**
 * Whether a repair was ended after it had moved the state away. A stack that was removed since the repair has no file either, and its copy is
 * younger than what was cut off.
 */
function isHalfRepaired(file) {
  const [state, torn, copy] = [file, `${file}${TORN}`, `${file}.bak`].map((each) =>
    statSync(each, { throwIfNoEntry: false }),
  );
  return state === undefined && torn !== undefined && copy !== undefined && copy.mtimeMs <= torn.mtimeMs;
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
