/** Reads and writes, beside the stream, the topic of dead letters and the topic by which they are sent back. */
import { Kafka, type KafkaConfig, logLevel, Partitioners } from "kafkajs";
import { headerOf, RETRY_OF } from "../../letters/headers";
import {
  type Letter,
  letterOf,
  type LetterRecord,
  type Mark,
  markOf,
  markText,
  type Standing,
  standingsOf,
} from "../../letters/letter";
import { openSlices, type Slice } from "../record-slices";
import { retryOf } from "./retry-topic";
import { askingOnce } from "../wait-for-topics";

export interface LetterBoxOptions {
  kafka: KafkaConfig;
  /** Group of the consumer that reads the retry topic. */
  groupId: string;
  /** Group of the readers that are made here. Each lives as long as one answer. */
  readerGroupId: string;
  deadLetterTopic: string;
  /** Null: none can be sent back. */
  retryTopic: string | null;
}

/** The most bytes that are sent to the broker at once. A larger letter is sent alone. */
const ENOUGH_BYTES = 256 * 1024;

/** Offsets, the last one not included. */
type Range = Omit<Slice, "partition">;

export interface Newest {
  standings: Standing[];
  /** How many dead letters there are. */
  total: number;
  /** How many of them nobody has sent back. */
  waiting: number;
}

export class LetterBox {
  constructor(private readonly options: LetterBoxOptions) {}

  get retryTopic(): string | null {
    return this.options.retryTopic;
  }

  /** All of them, in their order. */
  async standings(): Promise<Standing[]> {
    return (await this.newest(Infinity)).standings;
  }

  /** The newest ones, in their order. The others are only counted. */
  async newest(most: number): Promise<Newest> {
    const { deadLetterTopic } = this.options;
    const handledUpTo = await this.handledUpTo();
    const { from, to } = await this.bounds(deadLetterTopic);
    const first = to - from > most ? to - BigInt(most) : from;
    const sent = new Map<string, bigint>();
    let oldest = first;
    await this.readSent((mark, offset) => {
      sent.set(markText(mark), offset);
      const number = BigInt(mark.number);
      if (number >= from && number < oldest) oldest = number;
    });
    const letters: Letter[] = [];
    let olderSent = 0;
    // A mark may be of a letter that is gone, or that was in a topic before this one. So older letters are looked at, where some are marked.
    await this.read(deadLetterTopic, { from: oldest, to }, (record) => {
      const letter = letterOf(record);
      if (BigInt(letter.number) >= first) letters.push(letter);
      else if (sent.has(markText(letter))) olderSent++;
    });
    const standings = standingsOf(letters, sent, handledUpTo);
    const waiting = standings.filter(({ state }) => state === "waiting").length + Number(first - from) - olderSent;
    return { standings, total: Number(to - from), waiting };
  }

  /** One of them; undefined when there is none of that number. */
  async standing(number: string): Promise<Standing | undefined> {
    const { deadLetterTopic } = this.options;
    const handledUpTo = await this.handledUpTo();
    const sent = new Map<string, bigint>();
    await this.readSent((mark, offset) => {
      if (mark.number === number) sent.set(markText(mark), offset);
    });
    const letters: Letter[] = [];
    // Dead letters that it has become again have later offsets.
    await this.read(deadLetterTopic, { from: BigInt(number) }, (record) => {
      const isIt = record.offset === number || headerOf(record.headers ?? {}, RETRY_OF) === number;
      if (isIt) letters.push(letterOf(record));
    });
    return standingsOf(letters, sent, handledUpTo).find(({ letter }) => letter.number === number);
  }

  /** One of them whole; undefined when there is none of that number. */
  async letter(number: string): Promise<LetterRecord | undefined> {
    let found: LetterRecord | undefined;
    await this.read(this.options.deadLetterTopic, only(number, number), (record) => (found = record));
    return found;
  }

  /**
   * Sends letters back, in their order. A letter counts as sent once it is on the retry topic. After a failure half-way, the next list shows which are.
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
        await this.read(deadLetterTopic, only(group[0]!.number, group.at(-1)!.number), (record) => {
          if (numbers.has(record.offset)) records.push(record);
        });
        const messages = records.map((record) => ({ ...retryOf(record, record.offset), partition: 0 }));
        await producer.send({ topic: retryTopic, acks: -1, messages });
      }
    } finally {
      await producer.disconnect();
    }
  }

  private async readSent(take: (mark: Mark, offset: bigint) => void): Promise<void> {
    const { retryTopic } = this.options;
    if (retryTopic === null) return;
    await this.read(retryTopic, {}, ({ headers = {}, offset }) => {
      const mark = markOf(headers);
      if (mark !== undefined) take(mark, BigInt(offset));
    });
  }

  private async read(topic: string, wanted: Partial<Range>, take: (record: LetterRecord) => void): Promise<void> {
    const { kafka, readerGroupId } = this.options;
    const { from, to } = await this.bounds(topic);
    const slice = {
      partition: 0,
      from: wanted.from !== undefined && wanted.from > from ? wanted.from : from,
      to: wanted.to !== undefined && wanted.to < to ? wanted.to : to,
    };
    const reader = openSlices(kafka, readerGroupId, topic);
    try {
      await reader.read([slice], (_partition, record) => take(record));
    } finally {
      await reader.close();
    }
  }

  /** Offsets of the topic's only partition; none for a missing topic. @throws when there are several, and a number would not name one record */
  private async bounds(topic: string): Promise<Range> {
    const { kafka, readerGroupId } = this.options;
    const [bounds, ...others] = (await openSlices(kafka, readerGroupId, topic).bounds()) ?? [];
    if (others.length > 0) {
      throw new Error(
        `${topic} has ${others.length + 1} partitions; dead letters are numbered in one, as the stack makes the topic. ` +
          "Somebody has added partitions; a client of Kafka's own reads them.",
      );
    }
    return bounds ?? { from: 0n, to: 0n };
  }

  /** Ask this before reading the letters: a change that fails again becomes a dead letter before its offset is committed. */
  private async handledUpTo(): Promise<bigint> {
    const { retryTopic } = this.options;
    return retryTopic === null ? 0n : this.committed(retryTopic);
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

function only(first: string, last: string): Range {
  return { from: BigInt(first), to: BigInt(last) + 1n };
}

/** Pure: groups of letters that follow each other. Each group is sent at once. */
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
