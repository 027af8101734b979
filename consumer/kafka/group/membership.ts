/** What is known of this process's place in its consumer group, for /healthz, /status and the metrics. */
import type { HealthJson, PartStatus } from "../../api";

/** A fetch returns at the latest after its longest wait; so much without one, and without work, means trouble. */
const STALE_MS = 5000;

export class Membership {
  private partitions: string[] = [];
  private joined = false;
  private reason = "starting";
  private lastFetch = -Infinity;
  private working = 0;

  /**
   * @param now monotonic ms
   * @param changed is told of joins and losses
   * @param stuck why a member does not get on all the same; null when it does
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

  /** Not a member for now, and why. */
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

  /** A batch is being handled: no fetch is due. Returns the function that ends it. */
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
