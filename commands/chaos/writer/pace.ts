/** So many changes a second, by whoever makes them. */
import { setTimeout as sleep } from "node:timers/promises";

/** What could not be written while the database was away is not made up for. */
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

  /** Resolves when the next are due: true, or false when it was stopped meanwhile. @param changes those made last */
  async turn(changes: number, stopped: () => boolean): Promise<boolean> {
    this.count(changes);
    while (!this.due()) {
      if (stopped()) return false;
      await sleep(LOOK_MS);
    }
    return !stopped();
  }

  /** Whether fewer have been made than should have been by now. */
  due(): boolean {
    const now = this.now();
    const shouldBe = ((now - this.start) / 1000) * this.rate;
    const behindMs = ((shouldBe - this.done) / this.rate) * 1000;
    if (behindMs > MOST_BEHIND_MS) this.start += behindMs - MOST_BEHIND_MS;
    return behindMs > 0;
  }
}
