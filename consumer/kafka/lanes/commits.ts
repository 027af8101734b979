/**
 * Commits the offsets of handled records, beside the stream. A commit is a round trip to the broker; a wait for it after each small
 * batch would add that to every change. So the newest offsets are sent at most every `intervalMs`, and once more at the end. After a quiet time
 * they are sent at once, so that a process that crashes soon after each start still makes progress.
 */
import { OwnCommits } from "./own-commits";

export interface TopicPartitionOffset {
  topic: string;
  partition: number;
  offset: string;
}

export interface CommitsOptions {
  /** False while this process is no member of the group. Pending offsets then wait. */
  ready(): boolean;
  /** Rejects when the broker refuses. */
  commit(offsets: TopicPartitionOffset[]): Promise<void>;
  /** Is called for each refused commit. @param isFirst whether the commit before worked */
  failed(error: unknown, isFirst: boolean): void;
  intervalMs: number;
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls back after ms; the returned function cancels. */
  later(ms: number, callback: () => void): () => void;
}

export class Commits {
  private readonly pending = new Map<string, TopicPartitionOffset>();
  private inFlight: Promise<void> = Promise.resolve();
  private cancel: (() => void) | undefined;
  private lastSent = -Infinity;
  private failing = false;
  private readonly own = new OwnCommits();

  constructor(private readonly options: CommitsOptions) {}

  /** `lastOffset` and all before it are handled. */
  handled(topic: string, partition: number, lastOffset: string): void {
    // Kafka wants the offset to go on with.
    const offset = (BigInt(lastOffset) + 1n).toString();
    this.pending.set(`${topic}/${partition}`, { topic, partition, offset });
    this.plan();
  }

  /** Resolves when the pending offsets are committed, or when that failed. After a failure it is tried again at the next interval. */
  flush(): Promise<void> {
    this.cancel?.();
    this.cancel = undefined;
    this.inFlight = this.inFlight.then(() => this.send());
    return this.inFlight;
  }

  /** As `flush`, and again until nothing is pending, for at most so long: a rebalance ends within seconds, and offsets wait for it. */
  async finish(withinMs: number, wait: (ms: number) => Promise<void>, isMember: () => boolean): Promise<void> {
    const { intervalMs, now } = this.options;
    const deadline = now() + withinMs;
    await this.flush();
    while (this.pending.size > 0 && isMember() && now() < deadline) {
      await wait(intervalMs);
      await this.flush();
    }
  }

  /** Drops the other pending offsets. An old offset, committed after its partition went to another member, would turn that member back. */
  keepOnly(wanted: (offset: TopicPartitionOffset) => boolean): void {
    for (const [name, offset] of this.pending) if (!wanted(offset)) this.pending.delete(name);
  }

  /** The group has decided who reads what. Of the other partitions nothing is known from now on. */
  assigned(isOurs: (topic: string, partition: number) => boolean): void {
    this.keepOnly(({ topic, partition }) => isOurs(topic, partition));
    this.own.keepOnly(isOurs);
  }

  /**
   * The group's offset of a partition, as it is found after a join.
   *
   * @returns whether another member has committed it, and is ahead. What waits to be committed would turn it back, and is dropped
   */
  found(topic: string, partition: number, offset: string): boolean {
    const isAhead = this.own.found(topic, partition, offset);
    if (isAhead) this.pending.delete(`${topic}/${partition}`);
    return isAhead;
  }

  private plan(): void {
    const { intervalMs, later, now } = this.options;
    this.cancel ??= later(Math.max(0, this.lastSent + intervalMs - now()), () => void this.flush());
  }

  private async send(): Promise<void> {
    const sent = new Map(this.pending);
    if (sent.size === 0) return;
    this.lastSent = this.options.now();
    if (!this.options.ready()) return this.plan();
    try {
      this.own.sent(sent.values());
      await this.options.commit([...sent.values()]);
      this.own.acknowledged(sent.values());
      this.failing = false;
      for (const [name, value] of sent) if (this.pending.get(name) === value) this.pending.delete(name);
    } catch (error) {
      // Nothing is lost: the offsets are pending still, or come again from the group's last commit.
      this.options.failed(error, !this.failing);
      this.failing = true;
      this.plan();
    }
  }
}

/** The offsets in the shape that kafkajs's `commitOffsets` of a group takes. */
export function byTopic(offsets: readonly TopicPartitionOffset[]) {
  const topics = new Map<string, { partition: number; offset: string }[]>();
  for (const { topic, partition, offset } of offsets) {
    const partitions = topics.get(topic) ?? [];
    topics.set(topic, [...partitions, { partition, offset }]);
  }
  return { topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) };
}
