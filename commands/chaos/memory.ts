/** Memory of the stack's containers during a run, which shows whether any of them grows. */
import { setTimeout as sleep } from "node:timers/promises";
import { docker } from "../../components/engine";
import { median } from "./median";

/** The time between two looks. */
const INTERVAL_MS = 30_000;
const ASK_MS = 10_000;
/** Reads the file of both versions of Linux' control groups. One of them is missing, which is no error. */
export const READ = "cat /sys/fs/cgroup/memory.stat /sys/fs/cgroup/memory/memory.stat 2>/dev/null || true";

/** Bytes by container. A container that is down is left out. */
export type Memory = Record<string, number>;

/** A container's memory in the first and the last quarter of a run: medians, in MB. */
export interface Growth {
  container: string;
  firstMb: number;
  lastMb: number;
}

/** Looks until it is stopped. */
export class MemoryWatch {
  private readonly looks: Memory[] = [];
  private readonly stopped = new AbortController();
  private readonly watching: Promise<void>;

  constructor(private readonly containers: () => readonly string[]) {
    this.watching = this.watch();
  }

  async stop(): Promise<Growth[]> {
    this.stopped.abort();
    await this.watching;
    return growth(this.looks);
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      this.looks.push(await look(this.containers()));
      await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Leaves out containers that do not answer, since a fault may have hit them. */
async function look(containers: readonly string[]): Promise<Memory> {
  const looks = containers.map(async (container): Promise<[string, number | undefined]> => {
    const text = await docker(["exec", container, "sh", "-c", READ], ASK_MS).catch(() => "");
    return [container, residentBytes(text)];
  });
  const known = (await Promise.all(looks)).filter((each): each is [string, number] => each[1] !== undefined);
  return Object.fromEntries(known);
}

/** Pure: resident bytes without the page cache, from the kernel's `memory.stat`; undefined where it does not have them. */
export function residentBytes(stat: string): number | undefined {
  const [active, inactive] = ["active_anon", "inactive_anon"].map((name) =>
    new RegExp(`^${name} (\\d+)$`, "m").exec(stat),
  );
  return active && inactive ? Number(active[1]) + Number(inactive[1]) : undefined;
}

/** Pure: a line for each container that was looked at four times or more. */
export function growth(looks: readonly Memory[]): Growth[] {
  const containers = [...new Set(looks.flatMap((each) => Object.keys(each)))].sort();
  return containers.flatMap((container) => {
    const bytes = looks.map((each) => each[container]).filter((each) => each !== undefined);
    const quarter = Math.floor(bytes.length / 4);
    if (quarter === 0) return [];
    const [firstMb, lastMb] = [bytes.slice(0, quarter), bytes.slice(-quarter)].map((part) => median(part)! / 1e6);
    return [{ container, firstMb: firstMb!, lastMb: lastMb! }];
  });
}
