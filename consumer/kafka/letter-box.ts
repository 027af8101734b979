/** The topic of dead letters and the one by which they are sent back, read and written beside the stream. */
import { Kafka, type KafkaConfig, logLevel, Partitioners } from "kafkajs";
import { headerOf, RETRY_OF } from "../letters/headers";
import { type Letter, letterOf, type LetterRecord, type Standing, standingsOf } from "../letters/letter";
import { openSlices, type Slice } from "./record-slices";
import { retryOf } from "./retry-topic";
import { askingOnce } from "./topics";

export interface LetterBoxOptions {
  kafka: KafkaConfig;
  /** Of the consumer that takes them back. */
  groupId: string;
  /** Group of what reads here; it lives as long as one answer. */
  readerGroupId: string;
  deadLetterTopic: string;
  /** Null: none can be sent back. */
  retryTopic: string | null;
}

/** What goes to the broker at once; a larger letter goes alone. */
const ENOUGH_BYTES = 256 * 1024;

export class LetterBox {
  constructor(private readonly options: LetterBoxOptions) {}

  get retryTopic(): string | null {
    return this.options.retryTopic;
  }

  /** All of them, in their order. */
  async standings(): Promise<Standing[]> {
    const { deadLetterTopic, retryTopic } = this.options;
    // Asked first: what fails again is a dead letter before its offset is committed.
    const handledUpTo = retryTopic === null ? 0n : await this.committed(retryTopic);
    const letters: Letter[] = [];
    const sent = new Map<string, bigint>();
    await this.read(deadLetterTopic, undefined, (record) => void letters.push(letterOf(record)));
    if (retryTopic !== null) {
      await this.read(retryTopic, undefined, ({ headers = {}, offset }) => {
        const number = headerOf(headers, RETRY_OF);
        if (number !== undefined) sent.set(number, BigInt(offset));
      });
    }
    return standingsOf(letters, sent, handledUpTo);
  }

  /** One of them whole; undefined when there is none of that number. */
  async letter(number: string): Promise<LetterRecord | undefined> {
    let found: LetterRecord | undefined;
    await this.read(this.options.deadLetterTopic, [number, number], (record) => (found = record));
    return found;
  }

  /**
   * Sends letters back, in their order. One that is on the retry topic is sent: where this fails half-way, the next list tells which are.
   *
   * @param letters ascending
   */
  async sendBack(letters: readonly Letter[]): Promise<void> {
    const { kafka, retryTopic, deadLetterTopic } = this.options;
    if (retryTopic === null || letters.length === 0) return;
    const producer = new Kafka({ ...kafka, logLevel: logLevel.NOTHING }).producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      // Trying again could send one twice.
      retry: { retries: 0 },
    });
    await producer.connect();
    try {
      for (const group of inGroups(letters)) {
        const numbers = new Set(group.map(({ number }) => number));
        const records: LetterRecord[] = [];
        await this.read(deadLetterTopic, [group[0]!.number, group.at(-1)!.number], (record) => {
          if (numbers.has(record.offset)) records.push(record);
        });
        const messages = records.map((record) => ({ ...retryOf(record, record.offset), partition: 0 }));
        await producer.send({ topic: retryTopic, acks: -1, messages });
      }
    } finally {
      await producer.disconnect();
    }
  }

  /**
   * @param numbers first and last of those to read; undefined: all
   * @throws when a number would not tell one record
   */
  private async read(
    topic: string,
    numbers: readonly [string, string] | undefined,
    take: (record: LetterRecord) => void,
  ): Promise<void> {
    const { kafka, readerGroupId } = this.options;
    const reader = openSlices(kafka, readerGroupId, topic);
    try {
      const bounds = (await reader.bounds()) ?? [];
      if (bounds.length > 1) {
        throw new Error(
          `${topic} has ${bounds.length} partitions; dead letters are numbered in one, as the stack makes the topic. ` +
            "Somebody has added partitions; a client of Kafka's own reads them.",
        );
      }
      const slices = bounds.map((all) => (numbers === undefined ? all : within(all, numbers)));
      await reader.read(slices, (_partition, record) => take(record));
    } finally {
      await reader.close();
    }
  }

  private async committed(topic: string): Promise<bigint> {
    const { kafka, groupId } = this.options;
    const admin = askingOnce(kafka).admin();
    try {
      await admin.connect();
      // kafkajs knows the brokers once it has asked for topics; without retries any other first question fails.
      await admin.listTopics();
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
      return BigInt(found?.partitions[0]?.offset ?? "-1");
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

function within({ partition, from, to }: Slice, [first, last]: readonly [string, string]): Slice {
  const [begin, end] = [BigInt(first), BigInt(last) + 1n];
  return { partition, from: begin > from ? begin : from, to: end < to ? end : to };
}

/** Pure: letters that follow each other, as many as go at once. */
export function inGroups(letters: readonly Letter[]): Letter[][] {
  const groups: Letter[][] = [];
  let bytes = Infinity;
  for (const letter of letters) {
    if (bytes + letter.bytes > ENOUGH_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(letter);
    bytes += letter.bytes;
  }
  return groups;
}
