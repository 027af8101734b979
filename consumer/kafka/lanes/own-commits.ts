/**
 * Tells this member's commits from those of others. Whoever was out of the group for a while finds there whether another member has gone
 * on with a partition meanwhile.
 */
interface Offset {
  topic: string;
  partition: number;
  offset: string;
}

interface Own {
  /** Where the group's offset stands, as far as this member knows. */
  known: bigint;
  /** Sent since, and not answered: the broker may have these or not. The oldest first. */
  readonly sent: Set<bigint>;
}

/** Of more commits without an answer the oldest are forgotten. A commit of one's own may then pass for another member's, and changes come twice. */
const MOST_SENT = 1000;

export class OwnCommits {
  /** By topic, then by partition. */
  private readonly topics = new Map<string, Map<number, Own>>();

  sent(offsets: Iterable<Offset>): void {
    for (const { topic, partition, offset } of offsets) {
      const sent = this.topics.get(topic)?.get(partition)?.sent;
      if (sent === undefined) continue;
      sent.add(BigInt(offset));
      if (sent.size > MOST_SENT) for (const oldest of [...sent].slice(0, 1)) sent.delete(oldest);
    }
  }

  acknowledged(offsets: Iterable<Offset>): void {
    for (const { topic, partition, offset } of offsets) {
      const own = this.topics.get(topic)?.get(partition);
      // The answer may be late: the group's offset was found in another place since.
      if (own?.sent.has(BigInt(offset)) === true) this.set(topic, partition, BigInt(offset));
    }
  }

  /** @returns whether the group's offset is ahead of what is known, by no commit of this member */
  found(topic: string, partition: number, offset: string): boolean {
    const [at, own] = [BigInt(offset), this.topics.get(topic)?.get(partition)];
    this.set(topic, partition, at);
    return own !== undefined && at > own.known && !own.sent.has(at);
  }

  keepOnly(wanted: (topic: string, partition: number) => boolean): void {
    for (const [topic, partitions] of this.topics) {
      for (const partition of partitions.keys()) if (!wanted(topic, partition)) partitions.delete(partition);
      if (partitions.size === 0) this.topics.delete(topic);
    }
  }

  private set(topic: string, partition: number, known: bigint): void {
    let partitions = this.topics.get(topic);
    if (partitions === undefined) this.topics.set(topic, (partitions = new Map()));
    partitions.set(partition, { known, sent: new Set() });
  }
}
