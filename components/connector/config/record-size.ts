/** The largest record by default, in MB of 2^20 bytes: room for a change of a row with some MB of text, before and after. */
export const MAX_RECORD_MB = 16;

/** The most that `maxRecordMb` may be, in MB of 2^20 bytes. */
export const MOST_RECORD_MB = 64;

/** A record's limit in bytes, as Kafka's settings want it. */
export function recordBytes(maxRecordMb: number): number {
  return maxRecordMb * 1024 * 1024;
}

/** Memory in MB that a limit above the default needs. @param copies how many copies of a record are in memory at a time */
export function beyondDefault(maxRecordMb: number, copies: number): number {
  return Math.max(0, maxRecordMb - MAX_RECORD_MB) * copies;
}
