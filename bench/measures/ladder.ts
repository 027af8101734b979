import { linearFit } from "./instruments/statistics";

/** Pure: the rates to try, and when a backlog counts as flat. */

/** Rows a second. */
export const LADDER = [
  1000, 2500, 5000, 7500, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000,
] as const;

/** The rung to begin with: a little below the rate of the drain, when that was measured. */
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
  /** Why the rate does not hold, or how flat the backlog is. */
  reason: string;
}

/** The load that was wanted, and how it went. */
export interface Load {
  /** Rows a second. */
  rate: number;
  seconds: number;
  /** Seconds until Postgres had taken all rows. */
  writerSeconds: number;
  /** The fraction of the rate by which the backlog may grow each second. A short probe needs a wider limit. */
  growth: number;
}

/** The fraction of the time by which the writer may be late at its end. */
const WRITER_SLACK = 0.05;

/** Whether a rate is sustained: the writer kept to it, the backlog does not grow, and at the end it is below one second's rows. */
export function judgeRate(looks: readonly Look[], { rate, seconds, writerSeconds, growth }: Load): Flatness {
  if (writerSeconds > seconds * (1 + WRITER_SLACK)) {
    return { flat: false, reason: `Postgres took ${writerSeconds.toFixed(1)} s for ${seconds} s of rows` };
  }
  const last = looks[looks.length - 1];
  if (!last) return { flat: false, reason: "no look at the backlog" };
  // The pipeline works off what piles up in the first moments, so the line is laid through the later looks.
  const later = looks.filter((look) => look.seconds >= last.seconds / 4);
  const backlog = later.map((look) => ({ x: look.seconds, y: (look.written - look.handled) / rate }));
  const { slope } = linearFit(backlog);
  const end = backlog.slice(-4).reduce((sum, { y }) => sum + y, 0) / Math.min(4, backlog.length);
  const reason = `backlog ${end.toFixed(2)} s of rows at the end, ${slope >= 0 ? "growing" : "shrinking"} ${Math.abs(slope * 100).toFixed(1)} %`;
  return { flat: slope < growth && end < 1, reason };
}
