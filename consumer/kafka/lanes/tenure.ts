/**
 * Which partitions are this member's, and what becomes of their lanes and commits when it leaves the group and joins it again.
 *
 * In a rebalance that it takes part in, what it keeps is its own all the while. After an absence another member may have gone on with a partition: then the
 * older changes that wait here would be handled behind newer ones, and their commit would turn the group back. So nothing begins while this
 * process is no member; and where the group's offset is found ahead, by no commit of this member, all that is here of the partition is dropped. Kafka's own
 * client drops it after every absence (`onPartitionsLost`). Here a handler that takes minutes keeps its change where nobody else has had it.
 */
import type { Commits } from "./commits";
import type { Lanes } from "./lanes";

/** Partitions by topic. */
export type Assignment = { readonly [topic: string]: readonly number[] };

export interface TenureOptions {
  commits: Pick<Commits, "assigned" | "found" | "keepOnly">;
  lanes: Pick<Lanes, "assigned" | "goOn" | "hold" | "lost">;
  /** Is called for a partition of ours with which another member has gone on. */
  goneOn(topic: string, partition: number, offset: string): void;
}

export class Tenure {
  /** Whether this process was a member and is none, or has joined and does not know yet where the group's offsets are. */
  private away = false;
  private assignment: Assignment = {};
  private memberId: string | undefined;

  constructor(private readonly options: TenureOptions) {}

  /** Others may have changes of this member's partitions at hand by now. */
  get isAway(): boolean {
    return this.away;
  }

  isOurs(topic: string, partition: number): boolean {
    return this.assignment[topic]?.includes(partition) === true;
  }

  /** This process is no member of the group any more. */
  ended(): void {
    this.away = true;
    this.options.lanes.hold();
  }

  /** The group has decided who reads what. */
  joined(memberId: string, assignment: Assignment): void {
    this.memberId = memberId;
    this.assign(assignment);
  }

  /** As `joined`, where nobody tells where the group's offsets are. With another name than before, this member was out of the group. */
  joinedBlindly(memberId: string, assignment: Assignment): void {
    if (this.memberId !== undefined && this.memberId !== memberId) {
      this.assign({});
      this.options.commits.keepOnly(() => false);
    }
    this.joined(memberId, assignment);
    this.goOn();
  }

  /** After a join, before the first fetch. @param committed where the group's offsets are, by topic and partition */
  begins(committed: { readonly [topic: string]: { readonly [partition: number]: string } }): void {
    const { commits, lanes, goneOn } = this.options;
    for (const [topic, partitions] of Object.entries(this.assignment)) {
      for (const partition of partitions) {
        const offset = committed[topic]?.[partition];
        if (offset === undefined || !commits.found(topic, partition, offset)) continue;
        if (lanes.lost(topic, partition)) goneOn(topic, partition, offset);
      }
    }
    this.goOn();
  }

  private assign(assignment: Assignment): void {
    this.assignment = assignment;
    const isOurs = this.isOurs.bind(this);
    this.options.commits.assigned(isOurs);
    this.options.lanes.assigned(isOurs);
  }

  private goOn(): void {
    this.away = false;
    this.options.lanes.goOn();
  }
}
