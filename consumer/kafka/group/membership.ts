/** What is known of this process's place in its consumer group, for /healthz, /status and the metrics. */
import type { HealthJson, PartStatus } from "../../api";

/** A fetch returns after `maxWaitTimeInMs` at the latest. So long without a fetch, and without a batch at hand, means trouble. */
const STALE_MS = 5000;

export class Membership {
  private partitions: string[] = [];
  private joined = false;
  private reason = "starting";
  private lastFetch = -Infinity;
  private working = 0;

  /**
   * @param now monotonic ms
   * @param changed is called when the group is joined or lost
   * @param stuck returns why a member makes no progress; null when it does
   */
  constructor(
    private readonly now: () => number,
    private readonly changed: (joined: boolean) => void,
    private readonly stuck: () => string | null,
  ) {}

  joinedWith(assignment: { [topic: string]: readonly number[] }): void {
    this.partitions = Object.entries(assignment)
      .flatMap(([topic, partitions]) => partitions.map((partition) => `${topic}/${partition}`))
      .sort();
    this.joined = true;
    this.lastFetch = this.now();
    this.changed(true);
  }

  /** This process is no member for now, for this reason. */
  lost(reason: string): void {
    this.reason = reason;
    if (!this.joined) return;
    this.joined = false;
    this.partitions = [];
    this.changed(false);
  }

  fetched(): void {
    this.lastFetch = this.now();
  }

  /** Work on a batch begins, and no fetch is due meanwhile. @returns the function to call at its end */
  work(): () => void {
    this.working++;
    return () => {
      this.working--;
      this.lastFetch = this.now();
    };
  }

  health(epoch: string): HealthJson {
    const problem = this.problem();
    return {
      status: problem === null ? "ok" : "unavailable",
      reason: problem ?? "consuming",
      epoch,
      partitions: this.partitions,
    };
  }

  status(): PartStatus {
    const problem = this.problem();
    if (problem !== null) return { state: "down", detail: problem };
    if (this.partitions.length === 0)
      return { state: "warning", detail: "in the group, but others have all partitions" };
    return { state: "up", detail: `reading ${this.partitions.join(", ")}` };
  }

  private problem(): string | null {
    if (!this.joined) return this.reason;
    const silent = this.now() - this.lastFetch;
    if (this.working === 0 && silent > STALE_MS) return `no answer from the broker for ${Math.round(silent / 1000)} s`;
    return this.stuck();
  }
}
