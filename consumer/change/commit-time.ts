/**
 * Pure: when a change was committed, in whole microseconds since 1970; null where that is not known. A value that is no whole number, or
 * outside the years that a number holds to the microsecond (1684 to 2255), counts as not known.
 *
 * @param millis milliseconds since 1970, which Debezium before 2.6 has instead
 */
export function commitTime(micros: number | null, millis: number | null = null): number | null {
  const told = micros ?? (millis === null ? null : millis * 1000);
  return told !== null && Number.isSafeInteger(told) ? told : null;
}
