import { type Change, committedMicros } from "./instruments/feed";
import { type Run, withClient } from "./measure";
import { percentile } from "./instruments/statistics";
import { type Commit, cpuMeter, pacedCommits } from "./instruments/row-writer";

const FIRST = 300;
/** How long the last change may take to arrive, in milliseconds. */
const DEADLINE_MS = 60_000;
/** The largest difference in µs between one host's clock as read by two processes. */
const CLOCK_MICROS = 1500;

/** The result of a run of paced commits. */
export interface LatencyResult {
  /** Milliseconds from commit to handler, in the order of the commits. */
  ms: number[];
  /** Number of commits whose commit time is between their sending and their acknowledgement, as it must be if it is right. */
  stampsBetween: number;
  /** Milliseconds from the acknowledgement of the COMMIT to the handler. They are fewer than `ms`, since the flush to disk does not count. */
  fromReturnMs: number[];
}

/** Pure: matches commits and changes by their marker. @throws when a commit has no change */
export function matchLatencies(commits: readonly Commit[], changes: readonly Change[]): LatencyResult {
  const byMarker = new Map(changes.map((change) => [change.after?.["last_name"], change]));
  const result: LatencyResult = { ms: [], stampsBetween: 0, fromReturnMs: [] };
  for (const { marker, sent, returned } of commits) {
    const change = byMarker.get(marker);
    const committed = change && committedMicros(change);
    if (!change || committed === undefined || change.lagMs === null) throw new Error(`no change arrived for ${marker}`);
    result.ms.push(change.lagMs);
    result.fromReturnMs.push((committed + change.lagMs * 1000 - returned) / 1000);
    if (committed >= sent - CLOCK_MICROS && committed <= returned + CLOCK_MICROS) result.stampsBetween++;
  }
  return result;
}

/** Commits single rows at a steady pace and, when the last has arrived, asks the consumer for the latency of each. */
export async function pacedLatency(
  run: Run,
  options: { everyMs: number; count: number; tables?: string[] },
): Promise<LatencyResult & { writerCpu: number; commitsPerSecond: number }> {
  const before = await run.feed.newest();
  const marker = `paced-${before.total}`;
  const meter = cpuMeter();
  let writerCpu = 0;
  const commits = await withClient(run, async (client) => {
    const written = await pacedCommits(client, {
      tables: ["public.customers"],
      ...options,
      marker,
      signal: run.signal,
    });
    writerCpu = meter();
    return written;
  });
  await run.feed.untilTotal(before.total + options.count, { deadlineMs: DEADLINE_MS });
  const { changes } = await run.feed.changes({ after: before.id, limit: 10_000 });
  const seconds = (commits[commits.length - 1]!.sent - commits[0]!.sent) / 1e6;
  return { ...matchLatencies(commits, changes), writerCpu, commitsPerSecond: (commits.length - 1) / seconds };
}

export async function measureLatency(run: Run): Promise<void> {
  const warm = run.durations.warmSeconds * 100;
  run.say(`100 commits/s for ${3 + run.durations.warmSeconds} s`);
  const steady = await pacedLatency(run, { everyMs: 10, count: FIRST + warm });
  if (steady.stampsBetween < 0.99 * steady.ms.length) {
    run.say(`only ${steady.stampsBetween} of ${steady.ms.length} commit times lie within their commit: clocks differ`);
  }
  if (steady.commitsPerSecond < 95) {
    run.say(`Postgres took only ${steady.commitsPerSecond.toFixed(0)} commits/s: the disk or the machine is busy`);
  }
  recordLatency(run, "first-300", steady.ms.slice(0, FIRST), {});
  recordLatency(run, "warm", steady.ms.slice(FIRST), {
    stampsBetween: steady.stampsBetween,
    commits: steady.ms.length,
    fromReturnP50: percentile(steady.fromReturnMs.slice(FIRST), 0.5),
    writerCpuPercent: steady.writerCpu,
    commitsPerSecond: steady.commitsPerSecond,
  });
  run.say(`one commit every 300 ms for ${run.durations.sparseSeconds} s`);
  const sparse = await pacedLatency(run, { everyMs: 300, count: Math.round(run.durations.sparseSeconds / 0.3) });
  recordLatency(run, "sparse", sparse.ms, {});
}

function recordLatency(run: Run, id: string, ms: number[], detail: object): void {
  for (const [name, fraction] of [
    ["p50", 0.5],
    ["p95", 0.95],
    ["p99", 0.99],
  ] as const) {
    run.record(
      `${id}-${name}`,
      percentile(ms, fraction),
      name === "p50" ? { ...detail, max: Math.max(...ms) } : undefined,
    );
  }
}
