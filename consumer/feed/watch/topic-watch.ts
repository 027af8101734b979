/**
 * Notices topics that were deleted with their records. Kafka does not tell its readers. kafkajs notices a missing topic after half a minute, and
 * never notices one that was made again at once.
 */
import { knowsItsTopics } from "../../../components/names/kafkas-topics";

/** A topic that is missing at so many looks in a row counts as deleted. */
const LOOKS = 2;

export class TopicWatch {
  private readonly seen = new Set<string>();
  private readonly missing = new Map<string, number>();
  /** By topic and partition the offset that the next record would have had. */
  private readonly ends = new Map<string, bigint>();

  /**
   * @param topics the topics to look for
   * @param gone is called with each deleted topic once, until it exists again
   */
  constructor(
    private readonly topics: readonly string[],
    private readonly gone: (topic: string) => void,
  ) {}

  /** @param there all topics that the broker knows */
  listed(there: readonly string[]): void {
    if (!knowsItsTopics(there)) return;
    for (const topic of this.topics) {
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

  /** A batch's high watermark. It only grows, unless the topic was deleted and made again. */
  reached(topic: string, partition: number, highWatermark: string): void {
    if (!this.topics.includes(topic)) return;
    const [place, end] = [`${topic}/${partition}`, BigInt(highWatermark)];
    const before = this.ends.get(place) ?? 0n;
    this.ends.set(place, end);
    if (end < before && !this.isGone(topic)) this.tell(topic);
  }

  /** Whether the topic existed, and is missing now. */
  isGone(topic: string): boolean {
    return (this.missing.get(topic) ?? 0) >= LOOKS;
  }

  private tell(topic: string): void {
    for (const place of this.ends.keys()) if (place.startsWith(`${topic}/`)) this.ends.delete(place);
    this.gone(topic);
  }
}
