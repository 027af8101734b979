/** Wall-clock time finer than Date.now. */

/** Beyond this the two clocks have parted: the computer slept, or its time was set. */
const TOLERANCE_MS = 2;

/** A function that returns µs since 1970. `monotonic` and `wall` are clocks in ms, the first with a fraction. */
export function microClock(monotonic: () => number, wall: () => number): () => number {
  let base = wall() - monotonic();
  return () => {
    const now = wall();
    const fine = base + monotonic();
    // Date.now() cuts off the fraction, so the true time is in [now, now + 1).
    if (fine < now) base += now - fine;
    else if (fine >= now + TOLERANCE_MS) base = now - monotonic();
    return Math.round((base + monotonic()) * 1000);
  };
}
