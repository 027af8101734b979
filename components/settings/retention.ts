const HOUR_MS = 3_600_000;
/** As long as the broker keeps records where a topic says nothing: `log.retention.hours` in components/kafka.ts. */
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
 * Pure: what of a topic's config makes Kafka keep its records so long; nothing for what the broker does anyway. Kafka deletes
 * whole segments, when the newest record of one is too old, and begins a new one after `segment.ms`, usually 7 days: so
 * short a retention would otherwise be a week. With this it is a quarter longer at most.
 */
export function retentionConfig(ms: number): Record<string, string> {
  if (ms === USUAL_RETENTION_MS) return {};
  const isShort = ms !== FOREVER && ms < USUAL_RETENTION_MS;
  return { "retention.ms": String(ms), ...(isShort && { "segment.ms": String(ms / 4) }) };
}

/** Pure: whether records that stay now go sooner. */
export function isShorter(now: number, before: number): boolean {
  return now !== FOREVER && (before === FOREVER || now < before);
}
