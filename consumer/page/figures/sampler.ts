/**
 * Decides how many of the waiting rows are shown now. A burst is shown whole. A lasting flood is thinned to a rate that a
 * reader can follow, in steps slow enough to read a line. Only the view is thinned: the totals come from the consumer.
 */
export class Sampler {
  private tokens: number;
  private refilledAt = 0;
  private steppedAt = -Infinity;
  private skippedAt = -Infinity;

  constructor(
    private readonly burst = 400,
    private readonly perSecond = 40,
    private readonly stepMs = 250,
  ) {
    this.tokens = burst;
  }

  /** @returns how many of `waiting` rows to show; undefined: none before the next step */
  take(waiting: number, now: number): number | undefined {
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.refilledAt) / 1000) * this.perSecond);
    this.refilledAt = now;
    if (waiting > this.tokens && now - this.steppedAt < this.stepMs) return undefined;
    const shown = Math.min(waiting, Math.max(1, Math.floor(this.tokens)));
    this.tokens = Math.max(0, this.tokens - shown);
    if (shown < waiting) {
      this.steppedAt = now;
      this.skippedAt = now;
    }
    return shown;
  }

  /** Whether rows were left out just now. */
  isSampling(now: number): boolean {
    return now - this.skippedAt < 1_500;
  }
}
