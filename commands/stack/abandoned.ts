/**
 * Stacks beside the user's, as for tests, whose run was killed. The engine starts their containers again when it starts, and the next run from the
 * same checkout may never come: a checkout is deleted, too. So each run notes what it makes, and any later run of this user removes what is left.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../program/alive.cjs";

/** The run that a stack belongs to. */
interface Owner {
  pid: number;
  /** Id of the machine's start, since a later process may have the same id. Empty where the system tells none. */
  boot: string;
  checkout: string;
}

export interface AbandonedStack extends Owner {
  /** As in `cdc-test-tables-1a2b3c`: name of the folder and first part of all names in the engine. */
  prefix: string;
  /** Folder of its state. */
  backend: string;
}

const NOTE = "owner.json";

/** Folder of the state of a stack beside the user's. */
export function backendOf(prefix: string): string {
  return join(tmpdir(), prefix);
}

/** Makes the folder of a stack's state, with a note that this process uses the stack. */
export function noteOwner(backend: string): void {
  mkdirSync(backend, { recursive: true });
  const owner: Owner = { pid: process.pid, boot: bootId(), checkout: process.cwd() };
  writeFileSync(join(backend, NOTE), JSON.stringify(owner));
}

/** Stacks whose run has ended without removing them. @param folder the one with the states' folders */
export function abandonedStacks(folder = tmpdir(), alive: (pid: number) => boolean = isAlive): AbandonedStack[] {
  return readdirSync(folder)
    .filter((name) => /^cdc-.+-[0-9a-f]{6}$/.test(name))
    .flatMap((prefix) => {
      const backend = join(folder, prefix);
      const owner = ownerOf(backend);
      const isUsed = owner === undefined || (owner.boot === bootId() && alive(owner.pid));
      return isUsed ? [] : [{ ...owner, prefix, backend }];
    });
}

/** Takes an abandoned stack over. @returns false when another run has done so meanwhile */
export function takeOver({ backend, pid }: AbandonedStack): boolean {
  try {
    // Of several runs one alone can make this file, and none once the folder is removed.
    writeFileSync(join(backend, `taken-from-${pid}`), "", { flag: "wx" });
  } catch {
    return false;
  }
  noteOwner(backend);
  return true;
}

function ownerOf(backend: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(backend, NOTE), "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}
