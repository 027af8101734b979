/**
 * What the delivery waits for in each partition, and since when: a change in its handler, the pauses between its attempts,
 * and its way to the dead letters.
 */
export class AtHand {
  private readonly waits = new Map<string, { after: string | undefined; since: number }>();

  /** @param now monotonic ms */
  constructor(private readonly now: () => number) {}

  /** @param after the last offset done with; undefined: of this batch none is */
  begin(topic: string, partition: number, after: string | undefined): void {
    this.waits.set(`${topic}/${partition}`, { after, since: this.now() });
  }

  end(topic: string, partition: number): void {
    this.waits.delete(`${topic}/${partition}`);
  }

  /** What has been waited for longest, in words, when that is more than so many ms. */
  stuck(forMs: number): string | null {
    let longest: string | null = null;
    let most = forMs;
    for (const [partition, { after, since }] of this.waits) {
      const ms = this.now() - since;
      if (ms <= most) continue;
      most = ms;
      const where = after === undefined ? partition : `${partition} after offset ${after}`;
      longest = `the handler has not got on with ${where} for ${Math.round(ms / 1000)} s`;
    }
    return longest;
  }
}
