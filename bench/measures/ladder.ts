import { linearFit } from "./instruments/statistics";

/** Pure: which rates to try, and what counts as flat. */

/** Rows a second. */
export const LADDER = [
  1000, 2500, 5000, 7500, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000,
] as const;

/** Where to begin when a drain has shown what the pipeline can do: a little below it. */
export function firstRung(drainRate: number | undefined): number {
  if (drainRate === undefined) return LADDER.indexOf(5000);
  const above = LADDER.findIndex((rate) => rate > 0.8 * drainRate);
  return Math.max(0, (above === -1 ? LADDER.length : above) - 1);
}

/** One look at the backlog. */
export interface Look {
  /** Seconds since the load began. */
  seconds: number;
  written: number;
  handled: number;
}

export interface Flatness {
  flat: boolean;
  /** Why not, or how flat. */
  reason: string;
}

/** What a load was to be. */
export interface Load {
  /** Rows a second. */
  rate: number;
  seconds: number;
  /** How long it took Postgres to take all rows. */
  writerSeconds: number;
  /** How much of the rate the backlog may grow by each second; a short probe needs a wider limit. */
  growth: number;
}

/** The writer may be behind by so much of the time when it ends. */
const WRITER_SLACK = 0.05;

/**
 * Whether a rate is sustained: the writer kept it up, the backlog does not grow, and it is below a second of rows at
 * the end.
 */
export function judgeRate(looks: readonly Look[], { rate, seconds, writerSeconds, growth }: Load): Flatness {
  if (writerSeconds > seconds * (1 + WRITER_SLACK)) {
    return { flat: false, reason: `Postgres took ${writerSeconds.toFixed(1)} s for ${seconds} s of rows` };
  }
  const last = looks[looks.length - 1];
  if (!last) return { flat: false, reason: "no look at the backlog" };
  // What the first moments pile up is worked off; the line is laid through what follows.
  const later = looks.filter((look) => look.seconds >= last.seconds / 4);
  const backlog = later.map((look) => ({ x: look.seconds, y: (look.written - look.handled) / rate }));
  const { slope } = linearFit(backlog);
  const end = backlog.slice(-4).reduce((sum, { y }) => sum + y, 0) / Math.min(4, backlog.length);
  const reason = `backlog ${end.toFixed(2)} s of rows at the end, ${slope >= 0 ? "growing" : "shrinking"} ${Math.abs(slope * 100).toFixed(1)} %`;
  return { flat: slope < growth && end < 1, reason };
}
