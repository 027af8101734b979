/** Records of one topic by their offsets, read beside the group's own stream: nothing is committed. */
import { type Consumer, type EachBatchPayload, Kafka, type KafkaConfig, logLevel } from "kafkajs";
import { onBatchEnd } from "./batch-ends";
import type { Headers } from "../letters/headers";
import { askingOnce } from "./wait-for-topics";

/** One partition's records from the offset `from` up to the one before `to`. */
export interface Slice {
  partition: number;
  from: bigint;
  to: bigint;
}

/** What is taken of a record. */
export interface SliceRecord {
  key: Buffer | null;
  value: Buffer | null;
  headers?: Headers;
  offset: string;
  /** Milliseconds since 1970, decimal digits. */
  timestamp: string;
}

export interface SliceReader {
  /** The records that there are, a slice for each partition; null when there is no such topic. */
  bounds(): Promise<Slice[] | null>;
  /**
   * The slices' records, those of one partition in their order.
   *
   * @throws when none comes for 10 s or kafkajs gives up, and what `take` throws
   */
  read(slices: readonly Slice[], take: (partition: number, record: SliceRecord) => void): Promise<void>;
  close(): Promise<void>;
}

const STALE_MS = 10_000;

/** One reader is for one answer. Its group lives as long as it does. */
export function openSlices(kafka: KafkaConfig, groupId: string, topic: string): SliceReader {
  const client = new Kafka({ ...kafka, logLevel: logLevel.NOTHING });
  let running: Promise<Consumer> | undefined;
  let reading: Reading | undefined;

  const eachBatch = async ({ batch, pause }: EachBatchPayload): Promise<void> => {
    const left = reading?.left.get(batch.partition);
    if (reading === undefined || left === undefined) return void pause();
    try {
      for (const message of batch.messages) {
        const offset = BigInt(message.offset);
        if (offset >= left.from && offset < left.to) reading.take(batch.partition, message);
      }
    } catch (error) {
      // kafkajs would give the batch again.
      pause();
      return reading.failed(error as Error);
    }
  };

  const start = async (first: readonly Slice[]): Promise<Consumer> => {
    const consumer = client.consumer({ groupId, maxWaitTimeInMs: 100, retry: { retries: 3 } });
    consumer.on(consumer.events.CRASH, ({ payload }) => reading?.failed(payload.error));
    onBatchEnd(consumer, ({ partition, next }) => {
      const left = reading?.left.get(partition);
      if (reading === undefined || left === undefined) return;
      if (next >= left.to) {
        reading.left.delete(partition);
        consumer.pause([{ topic, partitions: [partition] }]);
      }
      reading.moved();
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    await consumer.run({ autoCommit: false, eachBatch });
    // Before the first fetch, so that it is of these offsets.
    seek(consumer, first);
    await joined;
    return consumer;
  };

  const seek = (consumer: Consumer, slices: readonly Slice[]): void => {
    for (const { partition, from } of slices) consumer.seek({ topic, partition, offset: from.toString() });
  };

  return {
    async bounds() {
      const admin = askingOnce(kafka).admin();
      try {
        await admin.connect();
        const offsets = await admin.fetchTopicOffsets(topic);
        return offsets.map(({ partition, low, high }) => ({ partition, from: BigInt(low), to: BigInt(high) }));
      } catch (error) {
        if ((error as { type?: string }).type === "UNKNOWN_TOPIC_OR_PARTITION") return null;
        throw error;
      } finally {
        await admin.disconnect().catch(() => undefined);
      }
    },

    async read(slices, take) {
      const wanted = slices.filter(({ from, to }) => to > from);
      if (wanted.length === 0) return;
      const begun = new Reading(topic, wanted, take);
      reading = begun;
      try {
        if (running === undefined) {
          running = start(wanted);
          await Promise.race([running, begun.done]);
        } else {
          const consumer = await running;
          seek(consumer, wanted);
          consumer.resume([{ topic, partitions: wanted.map(({ partition }) => partition) }]);
        }
        await begun.done;
      } finally {
        begun.end();
        reading = undefined;
      }
    },

    async close() {
      const consumer = await running?.catch(() => undefined);
      await consumer?.disconnect().catch(() => undefined);
    },
  };
}

/** What of one `read` is still to come. */
class Reading {
  readonly left: Map<number, Slice>;
  readonly done: Promise<void>;
  private settle!: { resolve(): void; reject(error: Error): void };
  private timer: ReturnType<typeof setTimeout>;

  constructor(
    private readonly topic: string,
    slices: readonly Slice[],
    readonly take: (partition: number, record: SliceRecord) => void,
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
