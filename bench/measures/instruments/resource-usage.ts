import { setTimeout as sleep } from "node:timers/promises";
import { containerStats, cpuNanoseconds, residentBytes } from "./engine-answers";

/** Bytes by container name. */
export type Memory = Record<string, number>;

export interface Usage {
  memory: Memory;
  cpuSeconds: Record<string, number>;
}

export async function usageOf(containers: Map<string, string>): Promise<Usage> {
  const usage: Usage = { memory: {}, cpuSeconds: {} };
  await Promise.all(
    [...containers].map(async ([id, name]) => {
      const stats = await containerStats(id);
      usage.memory[name] = residentBytes(stats);
      usage.cpuSeconds[name] = cpuNanoseconds(stats) / 1e9;
    }),
  );
  return usage;
}

export function total(values: Record<string, number>): number {
  return Object.values(values).reduce((sum, value) => sum + value, 0);
}

/** Asks for the memory again and again until it is stopped, and keeps the moment with the highest sum over all containers. */
export class PeakMemory {
  private peak: Memory = {};
  private readonly stopped = new AbortController();
  private readonly watching: Promise<void>;

  constructor(containers: Map<string, string>, intervalMs = 500) {
    this.watching = this.watch(containers, intervalMs);
  }

  async stop(): Promise<Memory> {
    this.stopped.abort();
    await this.watching;
    return this.peak;
  }

  private async watch(containers: Map<string, string>, intervalMs: number): Promise<void> {
    while (!this.stopped.signal.aborted) {
      // A container that is restarting has no figures. The next look has them.
      const memory = await usageOf(containers).then(
        (usage) => usage.memory,
        () => ({}),
      );
      if (total(memory) > total(this.peak)) this.peak = memory;
      await sleep(intervalMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  }
}
