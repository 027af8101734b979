/** Reads records of one topic by their offsets, beside the group's own stream. Nothing is committed. */
import { type Consumer, type EachBatchPayload, Kafka, type KafkaConfig, logLevel } from "kafkajs";
import { onBatchEnd } from "./lanes/batch-ends";
import type { LetterHeaders } from "../letters/headers";
import { askingOnce } from "./wait-for-topics";

/** One partition's records from the offset `from` up to the one before `to`. */
export interface Slice {
  partition: number;
  from: bigint;
  to: bigint;
}

/** The fields of a record that are used. */
export interface SliceRecord {
  key: Buffer | null;
  value: Buffer | null;
  headers?: LetterHeaders;
  offset: string;
  /** Milliseconds since 1970, decimal digits. */
  timestamp: string;
}

type Take = (partition: number, record: SliceRecord) => void;

export interface SliceReader {
  /** The offsets of the topic's records, a slice for each partition; null when there is no such topic. */
  bounds(): Promise<Slice[] | null>;
  /**
   * Reads the slices' records, those of one partition in their order.
   *
   * @throws when no record comes for 10 s or kafkajs gives up, and what `take` throws
   */
  read(slices: readonly Slice[], take: Take): Promise<void>;
  close(): Promise<void>;
}

/** Makes a reader for one answer. Its consumer group lives as long as the reader. */
export function openSlices(kafka: KafkaConfig, groupId: string, topic: string): SliceReader {
  return new TopicSlices(kafka, groupId, topic);
}

class TopicSlices implements SliceReader {
  private running: Promise<Consumer> | undefined;
  private reading: Reading | undefined;

  constructor(
    private readonly kafka: KafkaConfig,
    private readonly groupId: string,
    private readonly topic: string,
  ) {}

  async bounds(): Promise<Slice[] | null> {
    const admin = askingOnce(this.kafka).admin();
    try {
      await admin.connect();
      const offsets = await admin.fetchTopicOffsets(this.topic);
      return offsets.map(({ partition, low, high }) => ({ partition, from: BigInt(low), to: BigInt(high) }));
    } catch (error) {
      if ((error as { type?: string }).type === "UNKNOWN_TOPIC_OR_PARTITION") return null;
      throw error;
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  async read(slices: readonly Slice[], take: Take): Promise<void> {
    const wanted = slices.filter(({ from, to }) => to > from);
    if (wanted.length === 0) return;
    const reading = new Reading(this.topic, wanted, take);
    this.reading = reading;
    try {
      if (this.running === undefined) {
        this.running = this.start(wanted);
        await Promise.race([this.running, reading.done]);
      } else {
        const consumer = await this.running;
        this.seek(consumer, wanted);
        consumer.resume([{ topic: this.topic, partitions: wanted.map(({ partition }) => partition) }]);
      }
      await reading.done;
    } finally {
      reading.end();
      this.reading = undefined;
    }
  }

  async close(): Promise<void> {
    const consumer = await this.running?.catch(() => undefined);
    await consumer?.disconnect().catch(() => undefined);
  }

  private async start(first: readonly Slice[]): Promise<Consumer> {
    const client = new Kafka({ ...this.kafka, logLevel: logLevel.NOTHING });
    const consumer = client.consumer({ groupId: this.groupId, maxWaitTimeInMs: 100, retry: { retries: 3 } });
    consumer.on(consumer.events.CRASH, ({ payload }) => this.reading?.failed(payload.error));
    onBatchEnd(consumer, ({ partition, next }) => this.batchEnded(consumer, partition, next));
    await consumer.connect();
    await consumer.subscribe({ topics: [this.topic], fromBeginning: true });
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    await consumer.run({ autoCommit: false, eachBatch: (payload) => this.takeBatch(payload) });
    // This is before the first fetch, so that the fetch begins at these offsets.
    this.seek(consumer, first);
    await joined;
    return consumer;
  }

  private async takeBatch({ batch, pause }: EachBatchPayload): Promise<void> {
    const { reading } = this;
    const left = reading?.left.get(batch.partition);
    if (reading === undefined || left === undefined) return void pause();
    try {
      for (const message of batch.messages) {
        const offset = BigInt(message.offset);
        if (offset >= left.from && offset < left.to) reading.take(batch.partition, message);
      }
    } catch (error) {
      // After a throw, kafkajs would deliver the batch again.
      pause();
      return reading.failed(error as Error);
    }
  }

  /** @param next the offset behind the batch */
  private batchEnded(consumer: Consumer, partition: number, next: bigint): void {
    const left = this.reading?.left.get(partition);
    if (this.reading === undefined || left === undefined) return;
    if (next >= left.to) {
      this.reading.left.delete(partition);
      consumer.pause([{ topic: this.topic, partitions: [partition] }]);
    }
    this.reading.moved();
  }

  private seek(consumer: Consumer, slices: readonly Slice[]): void {
    for (const { partition, from } of slices) {
      consumer.seek({ topic: this.topic, partition, offset: from.toString() });
    }
  }
}

const STALE_MS = 10_000;

/** One `read`: the slices that are not read to their end. */
class Reading {
  readonly left: Map<number, Slice>;
  readonly done: Promise<void>;
  private settle!: { resolve(): void; reject(error: Error): void };
  private timer: ReturnType<typeof setTimeout>;

  constructor(
    private readonly topic: string,
    slices: readonly Slice[],
    readonly take: Take,
  ) {
    this.left = new Map(slices.map((slice) => [slice.partition, slice]));
    this.done = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    this.timer = this.patience();
  }

  moved(): void {
    if (this.left.size === 0) return this.settle.resolve();
    clearTimeout(this.timer);
    this.timer = this.patience();
  }

  failed(error: Error): void {
    this.settle.reject(error);
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private patience(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      const missing = [...this.left.values()].map(
        ({ partition, to }) => `${this.topic}/${partition} up to offset ${to}`,
      );
      this.failed(new Error(`no record in ${STALE_MS / 1000} s of ${missing.join(", ")}`));
    }, STALE_MS);
  }
}
