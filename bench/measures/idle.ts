import { setTimeout as sleep } from "node:timers/promises";
import { fiveContainers, type Run } from "./measure";
import { type Memory, total, usageOf } from "./instruments/resource-usage";

/** Time in milliseconds for earlier work of the containers to end: they flush offsets and collect garbage. */
const SETTLE_MS = 5000;

/** Measures memory and CPU without load. */
export async function measureIdle(run: Run, wanted: { memory: boolean; cpu: boolean }): Promise<void> {
  const containers = await fiveContainers(run);
  const seconds = wanted.cpu ? run.durations.idleSeconds : 0;
  run.say(`idle for ${SETTLE_MS / 1000 + seconds} s`);
  await sleep(SETTLE_MS, undefined, { signal: run.signal });
  const before = await usageOf(containers);
  const start = performance.now();
  await sleep(seconds * 1000, undefined, { signal: run.signal });
  const after = await usageOf(containers);
  const elapsed = (performance.now() - start) / 1000;
  if (wanted.memory) run.record("memory-idle", total(after.memory) / 1e6, after.memory);
  if (!wanted.cpu) return;
  const percent: Memory = {};
  for (const [name, used] of Object.entries(after.cpuSeconds)) {
    percent[name] = ((used - before.cpuSeconds[name]!) / elapsed) * 100;
  }
  run.record("cpu-idle", total(percent), percent);
}
