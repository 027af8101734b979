/** What a record may be where nothing else is said: a change of a row with some MB of text, before and after. */
export const MAX_RECORD_MB = 16;

/** The most that the setting takes. */
export const MOST_RECORD_MB = 64;

/** A record's limit in bytes, as Kafka's settings want it. */
export function recordBytes(maxRecordMb: number): number {
  return maxRecordMb * 1024 * 1024;
}

/** Memory in MB that larger records than usual need: so many copies of one are there at a time. */
export function beyondDefault(maxRecordMb: number, copies: number): number {
  return Math.max(0, maxRecordMb - MAX_RECORD_MB) * copies;
}
