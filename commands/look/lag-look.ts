/** The time from commit to handler of all changes of a table since the consumer's start. */
export interface LagLook {
  changes: number;
  /** Half of them took at most so long, in milliseconds; null: longer than the histogram's last bound. */
  halfMs: number | null;
  /** 99 of 100 took at most so long; null as above. */
  mostMs: number | null;
}

/** A label's value is written with backslashes before quotes and backslashes. */
const BUCKET = /^cdc_lag_seconds_bucket\{le="([^"]*)",table="((?:[^"\\]|\\.)*)"\} (\S+)$/gm;

/** Pure: by table, from the text of `/metrics`. Times are the bounds of `cdc_lag_seconds`' buckets. */
export function lagOf(metrics: string): Record<string, LagLook> {
  const buckets = new Map<string, { upTo: number; count: number }[]>();
  for (const [, le, label = "", count] of metrics.matchAll(BUCKET)) {
    const table = label.replace(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
    const upTo = le === "+Inf" ? Infinity : Number(le) * 1000;
    buckets.set(table, [...(buckets.get(table) ?? []), { upTo, count: Number(count) }]);
  }
  const looks = [...buckets].map(([table, all]): [string, LagLook] => {
    const changes = all.at(-1)?.count ?? 0;
    const within = (share: number): number | null => {
      const bound = all.find(({ count }) => count >= changes * share)?.upTo ?? Infinity;
      return Number.isFinite(bound) ? bound : null;
    };
    return [table, { changes, halfMs: within(0.5), mostMs: within(0.99) }];
  });
  return Object.fromEntries(looks);
}

/** Pure: by table over several consumers, the greatest of their bounds: at least so many changes took no longer. */
export function summedLag(looks: readonly Record<string, LagLook>[]): Record<string, LagLook> {
  const sums: Record<string, LagLook> = {};
  for (const [table, look] of looks.flatMap((each) => Object.entries(each))) {
    const before = sums[table];
    if (before === undefined || before.changes === 0) sums[table] = look;
    else if (look.changes > 0)
      sums[table] = {
        changes: before.changes + look.changes,
        halfMs: greater(before.halfMs, look.halfMs),
        mostMs: greater(before.mostMs, look.mostMs),
      };
  }
  return sums;
}

function greater(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}
