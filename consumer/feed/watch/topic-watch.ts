/**
 * Notices topics that were deleted with their records. Kafka does not tell its readers. kafkajs notices a missing topic after half a minute, and
 * never notices one that was made again at once.
 */
import { knowsItsTopics } from "../../../components/names/kafkas-topics";

/** A topic that is missing at so many looks in a row counts as deleted. */
const LOOKS = 2;
/** The pause before the broker is asked again that did not answer. */
const ASK_AGAIN_MS = 2_000;

export interface TopicWatchOptions {
  /** The topics to look for. */
  topics: readonly string[];
  /** Is called with each deleted topic once, until it exists again. */
  gone(topic: string): void;
  /** Asks the broker whether a partition has no record from before this time, in ms since 1970. Rejects when it does not answer. */
  hasNothingBefore(topic: string, partition: number, ms: number): Promise<boolean>;
  /** Milliseconds since 1970. */
  now(): number;
  later(ms: number, work: () => void): void;
}

export class TopicWatch {
  private readonly seen = new Set<string>();
  private readonly missing = new Map<string, number>();
  /** By topic and partition the offset that the next record would have had, and when that was. */
  private readonly ends = new Map<string, { end: bigint; ms: number }>();
  /** Topics of which it is not known yet whether they were made again. */
  private readonly doubted = new Set<string>();

  constructor(private readonly options: TopicWatchOptions) {}

  /** @param there all topics that the broker knows */
  listed(there: readonly string[]): void {
    if (!knowsItsTopics(there)) return;
    for (const topic of this.options.topics) {
      if (there.includes(topic)) {
        this.seen.add(topic);
        this.missing.delete(topic);
      } else if (this.seen.has(topic)) {
        const looks = (this.missing.get(topic) ?? 0) + 1;
        this.missing.set(topic, looks);
        if (looks === LOOKS) this.tell(topic);
      }
    }
  }

  /**
   * A batch's high watermark. Where it falls, the topic was made again; or its leader changed, and the new one does not know yet how far the others have
   * copied. A topic that was made again has no record from before.
   */
  reached(topic: string, partition: number, highWatermark: string): void {
    if (!this.options.topics.includes(topic)) return;
    const [place, end] = [`${topic}/${partition}`, BigInt(highWatermark)];
    const before = this.ends.get(place);
    this.ends.set(place, { end, ms: this.options.now() });
    if (before === undefined || end >= before.end || this.isGone(topic) || this.doubted.has(topic)) return;
    this.doubted.add(topic);
    void this.settle(topic, partition, before.ms);
  }

  /** Whether the topic existed, and is missing now. */
  isGone(topic: string): boolean {
    return (this.missing.get(topic) ?? 0) >= LOOKS;
  }

  private async settle(topic: string, partition: number, ms: number): Promise<void> {
    const { hasNothingBefore, later } = this.options;
    try {
      const isAnew = await hasNothingBefore(topic, partition, ms);
      // It may have been told meanwhile, as a missing one.
      if (this.doubted.delete(topic) && isAnew) this.tell(topic);
    } catch {
      later(ASK_AGAIN_MS, () => void (this.doubted.has(topic) && this.settle(topic, partition, ms)));
    }
  }

  private tell(topic: string): void {
    this.doubted.delete(topic);
    for (const place of this.ends.keys()) if (place.startsWith(`${topic}/`)) this.ends.delete(place);
    this.options.gone(topic);
  }
}
