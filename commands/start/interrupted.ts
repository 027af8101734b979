/** What a run that was killed leaves behind, and how the next one gets past it. */
import { readFileSync, rmSync } from "node:fs";
import { hostname, uptime } from "node:os";
import { poll } from "../../components/poll";
import { endLeftovers } from "../processes/leftovers";
import { isAtWorkIn, isProcessOf } from "../processes/process-of";
import { endedBy } from "../processes/signals";
import { settleHalfMade } from "./half-made";
import { stateFolder } from "../../program/state-folder.cjs";
import { backendFiles } from "../stack/local-backend";
import { thisStack } from "../stack/this-stack";
import { rejectUpgrading } from "../upgrade-postgres/under-way";

/** An `up` that lost its terminal ends by itself; with images to build that takes its time. */
const WAIT_MS = 10 * 60_000;

/**
 * Makes the stack usable again after a run that was killed; does nothing after one that ended.
 *
 * @param isAllTaken whether all that has the stack's names is to go, whoever made it
 * @throws where another clone has brought up a stack of these names meanwhile, and while the stack's database is being upgraded
 */
export async function recover(isAllTaken = false): Promise<void> {
  // Of several stacks, the others' runs and states are none of this one's.
  await rejectUpgrading(await thisStack());
  const folder = stateFolder(process.env["PULUMI_BACKEND_URL"]);
  if (folder !== undefined) await waitForOthers(folder);
  // Before the state is read: a plugin that goes on could still make what the state is then said to lack.
  await endLeftovers();
  if (folder !== undefined && !mayBePending(folder)) return;
  await settleHalfMade(isAllTaken);
}

/**
 * Whether a run may have ended with operations under way. The state says so, not a left lock: `pulumi cancel` takes
 * the lock away and leaves the operations. Asking the CLI takes half a second at every start, so the file is read.
 */
function mayBePending(folder: string): boolean {
  return backendFiles(folder, "stacks").some(
    (file) =>
      file.endsWith(".json.gz") || (file.endsWith(".json") && readFileSync(file, "utf8").includes(PENDING_OPERATIONS)),
  );
}

/** Left out of the state when there are none. */
const PENDING_OPERATIONS = '"pending_operations"';

/** A lock of the local backend. */
export interface StateLock {
  file: string;
  pid: number;
  hostname: string;
  /** When the run took it. */
  timestamp?: string;
}

/** Pure: sorts locks into those whose process has ended, which nothing will release, and those of runs that go on. */
export function sortLocks(
  locks: StateLock[],
  host: string,
  goesOn: (lock: StateLock) => boolean,
): { dead: StateLock[]; held: StateLock[] } {
  const dead = locks.filter((lock) => lock.hostname === host && !goesOn(lock));
  return { dead, held: locks.filter((lock) => !dead.includes(lock)) };
}

/**
 * Whether a lock's run on this machine goes on. After a power cut another process, of whichever user, may have its number; then the lock is older than the start of this
 * machine. It seems so too where the clock was set on since, as after a virtual machine was paused: what is a CLI at work in this folder then has the stack.
 *
 * @param booted when this machine was started, in milliseconds
 */
export function runGoesOn({ pid, timestamp = "" }: StateLock, booted = Date.now() - uptime() * 1000): boolean {
  if (!isProcessOf(pid, "comm", "pulumi")) return false;
  return !(Date.parse(timestamp) < booted) || isAtWorkIn(pid, process.cwd());
}

/** Whether another run has the stack. */
export function isHeld(): boolean {
  const folder = stateFolder(process.env["PULUMI_BACKEND_URL"]);
  return folder !== undefined && liveLocks(folder).length > 0;
}

/**
 * Runs a command that takes the stack's lock, and runs it again where another run had taken the lock just before. After Ctrl-C it does
 * not run again.
 *
 * @param run gives the CLI's exit code
 */
export async function onceFree(run: () => Promise<number>): Promise<number> {
  let code = await run();
  while (code !== 0 && endedBy() === undefined && isHeld()) {
    await recover();
    code = await run();
  }
  return code;
}

/** Locks whose process runs. Removes the others, which nothing will release. */
function liveLocks(folder: string): StateLock[] {
  const { dead, held } = sortLocks(readLocks(folder), hostname(), runGoesOn);
  for (const lock of dead) rmSync(lock.file, { force: true });
  return held;
}

/**
 * Waits until no other run has a stack's lock.
 *
 * @param folder of a local backend
 * @param parent id of the process that started this one. A `kill -9` of `npm stop` leaves its child behind, which must not go on minutes later
 * @throws after 10 minutes, and when the parent is gone
 */
export async function waitForOthers(folder: string, parent = process.ppid): Promise<void> {
  let told = false;
  await poll<void>(
    () => {
      const [first] = liveLocks(folder);
      if (!first) return Promise.resolve({ done: true, value: undefined });
      if (process.ppid !== parent) throw new Error("Who started this was killed meanwhile. Nothing was done.");
      if (!told) console.error(waitingText(first, hostname()));
      told = true;
      return Promise.resolve({ done: false, seen: `process ${first.pid} on ${first.hostname} holds ${first.file}` });
    },
    { what: "the stack's lock", deadlineMs: WAIT_MS, intervalMs: 500, remedy: "End that process, or `pulumi cancel`." },
  );
}

/** Pure. A run of another machine cannot be looked for. The machine may as well have had another name when the run began. */
export function waitingText({ pid, hostname, timestamp }: StateLock, host: string): string {
  if (hostname === host) return `Another run has the stack (process ${pid}); waiting until it ends.`;
  const since = timestamp === undefined ? "" : ` since ${timestamp}`;
  return (
    `Another run has the stack (process ${pid} on ${hostname}${since}); waiting until it ends. Where it has ended, as when this machine had ` +
    "that name: Ctrl-C, then `npm run pulumi -- cancel --yes`."
  );
}

function readLocks(folder: string): StateLock[] {
  return backendFiles(folder, "locks/organization")
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      try {
        return [{ file, ...(JSON.parse(readFileSync(file, "utf8")) as Omit<StateLock, "file">) }];
      } catch {
        // Released between the listing and the look.
        return [];
      }
    });
}
