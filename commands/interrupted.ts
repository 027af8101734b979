/** What a run that was killed leaves behind, and how the next one gets past it. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { poll } from "../components/poll";
import { captured, pulumi } from "./stack";

const run = promisify(execFile);
const LOCKS = ".state/.pulumi/locks";
/** An `up` that lost its terminal ends by itself; with images to build that takes its time. */
const WAIT_MS = 10 * 60_000;

/** Makes the stack usable again after a run that was killed; does nothing after one that ended. */
export async function recover(): Promise<void> {
  await waitForOthers();
  if (await removeHalfMade()) {
    await pulumi(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
  }
}

/** A lock of the local backend. */
export interface Lock {
  file: string;
  pid: number;
  hostname: string;
}

/** Pure: locks whose process is gone, which nobody will ever release, and those of runs that go on. */
export function sortLocks(
  locks: Lock[],
  host: string,
  alive: (pid: number) => boolean,
): { dead: Lock[]; held: Lock[] } {
  const dead = locks.filter((lock) => lock.hostname === host && !alive(lock.pid));
  return { dead, held: locks.filter((lock) => !dead.includes(lock)) };
}

async function waitForOthers(): Promise<void> {
  if (process.env["PULUMI_BACKEND_URL"]) return;
  let told = false;
  await poll<void>(
    () => {
      const { dead, held } = sortLocks(readLocks(), hostname(), isAlive);
      for (const lock of dead) rmSync(lock.file, { force: true });
      const [first] = held;
      if (!first) return Promise.resolve({ done: true, value: undefined });
      if (!told) console.error(`Another run has the stack (process ${first.pid}); waiting until it ends.`);
      told = true;
      return Promise.resolve({ done: false, seen: `process ${first.pid} on ${first.hostname} holds ${first.file}` });
    },
    { what: "the stack's lock", deadlineMs: WAIT_MS, intervalMs: 500, remedy: "End that process, or `pulumi cancel`." },
  );
}

function readLocks(): Lock[] {
  let names: string[] = [];
  try {
    names = readdirSync(LOCKS, { recursive: true }).map(String);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const file = join(LOCKS, name);
      try {
        return [{ file, ...(JSON.parse(readFileSync(file, "utf8")) as Omit<Lock, "file">) }];
      } catch {
        // Released between the listing and the look.
        return [];
      }
    });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** An operation that was under way when its run was killed. */
export interface PendingOperation {
  type: string;
  resource: { type: string; inputs?: { name?: string } };
}

/** Pure: the docker commands that remove what may exist although the state does not know it. */
export function removals(pending: PendingOperation[]): string[][] {
  const commands: Record<string, string[]> = {
    "docker:index/container:Container": ["rm", "--force"],
    "docker:index/network:Network": ["network", "rm"],
  };
  return pending
    .filter((operation) => operation.type === "creating" && operation.resource.inputs?.name)
    .flatMap(({ resource }) => {
      const command = commands[resource.type];
      return command ? [[...command, resource.inputs!.name!]] : [];
    });
}

/** @returns whether operations were pending */
async function removeHalfMade(): Promise<boolean> {
  const { deployment } = JSON.parse(await captured(["stack", "export"])) as {
    deployment?: { pending_operations?: PendingOperation[] };
  };
  const pending = deployment?.pending_operations ?? [];
  if (pending.length === 0) return false;
  console.error("The last run was interrupted; what it left half-made is made anew.");
  for (const command of removals(pending)) {
    // It may not have come to exist at all.
    await run("docker", command).catch(() => undefined);
  }
  return true;
}
