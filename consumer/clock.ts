/** Wall-clock time finer than Date.now. */

/** The largest difference between the two clocks, in milliseconds. With a larger one, the computer slept or somebody set its time. */
const TOLERANCE_MS = 2;

/** A function that returns µs since 1970. `monotonic` and `wall` are clocks in ms, the first with a fraction. */
export function microClock(monotonic: () => number, wall: () => number): () => number {
  let base = wall() - monotonic();
  let compared = -Infinity;
  return () => {
    const fine = monotonic();
    // The time is asked for with each change, so it compares the clocks at most once a millisecond.
    if (fine - compared >= 1) {
      compared = fine;
      const now = wall();
      // Date.now() cuts off the fraction, so the true time is in [now, now + 1).
      if (base + fine < now || base + fine >= now + TOLERANCE_MS) base = now - fine;
    }
    return Math.round((base + fine) * 1000);
  };
}
