/** µs since 1970, by the clock that Postgres and the consumer read, too: all run on this host. */
export function nowMicros(): number {
  const now = Date.now();
  const fine = performance.timeOrigin + performance.now();
  if (fine + drift < now || fine + drift >= now + TOLERANCE_MS) drift = now - fine;
  return Math.round((fine + drift) * 1000);
}

/** The largest difference between the two clocks, in milliseconds. With a larger one, the host slept or somebody set its time. */
const TOLERANCE_MS = 2;
let drift = 0;
