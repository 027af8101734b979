// One set-up at a time may write to the cache: two at the same time would build twice and mix their files.
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const BEAT = 5_000;
const SILENT_TOO_LONG = 60_000;
/** How long a waiter sees for itself that nobody beats: after a machine has slept, or its clock was set on, each lock looks silent for a moment. */
const WATCHED = 3 * BEAT;

/**
 * Waits for the lock and gives the function that releases it. A lock whose owner is dead or silent is taken over.
 *
 * @param {string} file
 * @param {(owner: number) => void} onWait called once, when another living set-up holds it
 * @param {{ poll?: number, watched?: number }} [options] milliseconds between looks, and until silence counts
 */
export async function acquireLock(file, onWait, { poll = 500, watched = WATCHED } = {}) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  let told = false;
  let seen = { beat: undefined, since: 0 };
  writeFileSync(mine, JSON.stringify({ pid: process.pid, host: hostname() }));
  try {
    while (!taken(mine, file)) {
      const owner = readOwner(file);
      if (owner?.beat !== seen.beat) seen = { beat: owner?.beat, since: performance.now() };
      const isWatched = performance.now() - seen.since >= watched;
      if (owner && isStale(owner, process, hostname(), isWatched)) removeStale(file, owner.text);
      else {
        if (owner && !told) onWait(owner.pid);
        told ||= Boolean(owner);
        await wait(poll);
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
  const beat = setInterval(() => touch(file), BEAT);
  beat.unref();
  const release = () => {
    clearInterval(beat);
    if (readOwner(file)?.pid === process.pid) rmSync(file, { force: true });
    process.off("exit", release);
  };
  process.on("exit", release);
  return release;
}

/** Takes the lock by a hard link: it appears with its whole content or not at all, so nobody reads a half-written lock. */
function taken(mine, file) {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function readOwner(file) {
  try {
    const text = readFileSync(file, "utf8");
    const beat = statSync(file).mtimeMs;
    try {
      return { text, beat, silent: Date.now() - beat, ...JSON.parse(text) };
    } catch {
      // It appears with its whole content, so nobody is writing it.
      return { text, beat, isTorn: true };
    }
  } catch {
    return undefined;
  }
}

/** Whether the owner's process is gone, or gives no sign of life: another host's process cannot be looked for, and a pid may be reused. @param isWatched whether it gave none while somebody watched */
export function isStale(owner, { kill }, host, isWatched) {
  if (owner.isTorn || (owner.silent > SILENT_TOO_LONG && isWatched)) return true;
  if (owner.host !== host) return false;
  try {
    kill(owner.pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/** Moves the lock away and looks at it again before removing it: another waiter may have made a new lock meanwhile. */
function removeStale(file, text) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, "utf8") !== text) linkSync(aside, file);
    unlinkSync(aside);
  } catch {
    // Another waiter was faster; the next look tells.
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Removed from outside: nothing to keep alive.
  }
}
