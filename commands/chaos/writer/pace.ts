/** Keeps all sessions together at a number of changes a second. */
import { setTimeout as sleep } from "node:timers/promises";

/** The writer may be so far behind. It does not make up for the time in which the database was away. */
const MOST_BEHIND_MS = 1000;
const LOOK_MS = 5;

export class Pace {
  private done = 0;

  constructor(
    private readonly rate: number,
    private readonly now: () => number = () => performance.now(),
    private start = now(),
  ) {}

  /** Changes that were made. */
  count(changes: number): void {
    this.done += changes;
  }

  /** Resolves with true when the next changes are due, with false when the writer was stopped meanwhile. @param changes number of those made last */
  async turn(changes: number, stopped: () => boolean): Promise<boolean> {
    this.count(changes);
    while (!this.due()) {
      if (stopped()) return false;
      await sleep(LOOK_MS);
    }
    return !stopped();
  }

  /** Whether fewer changes were made than the pace asks for by now. */
  due(): boolean {
    const now = this.now();
    const shouldBe = ((now - this.start) / 1000) * this.rate;
    const behindMs = ((shouldBe - this.done) / this.rate) * 1000;
    if (behindMs > MOST_BEHIND_MS) this.start += behindMs - MOST_BEHIND_MS;
    return behindMs > 0;
  }
}
