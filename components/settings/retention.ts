const HOUR_MS = 3_600_000;
/** How long the broker keeps records of a topic without a retention of its own: `log.retention.hours` in components/kafka.ts. */
export const USUAL_RETENTION_MS = 168 * HOUR_MS;
/** For ever, in Kafka's words. */
const FOREVER = -1;

/** Pure: milliseconds, -1 for ever; undefined for what is no duration. @param text as in `12h`, `30d`, `forever` */
export function retentionMs(text: string): number | undefined {
  if (text === "forever") return FOREVER;
  const [, count = "", unit] = /^([1-9]\d{0,4})([hd])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(count) * (unit === "h" ? HOUR_MS : 24 * HOUR_MS);
}

/**
 * Pure: the config by which Kafka keeps a topic's records for this time; empty for the broker's own retention. Kafka deletes a
 * whole segment when its newest record is too old, and begins a new segment after `segment.ms`, by default 7 days. So a shorter
 * retention would otherwise take a week. With this config, records stay at most a quarter longer than the retention.
 */
export function retentionConfig(ms: number): Record<string, string> {
  if (ms === USUAL_RETENTION_MS) return {};
  const isShort = ms !== FOREVER && ms < USUAL_RETENTION_MS;
  return { "retention.ms": String(ms), ...(isShort && { "segment.ms": String(ms / 4) }) };
}

/** Pure: whether records go sooner than before. */
export function isShorter(now: number, before: number): boolean {
  return now !== FOREVER && (before === FOREVER || now < before);
}
