/** Reads topics from their beginning to the end that they have at the start of the reading. */
import type { Admin, Consumer } from "kafkajs";
import { clientConfig, type KafkaAddress } from "../../../components/existing/kafka/kafka-access";
import { momentary } from "../../../components/existing/kafka/group-names";
import { poll } from "../../../components/poll";
import { teachCodecs } from "../../../consumer/kafka/compression/codecs";
import { onBatchEnd } from "../../../consumer/kafka/lanes/batch-ends";
import { quietKafka } from "../../../consumer/kafka/quiet-kafka";
import type { TopicRecord } from "../values/record-envelope";

/** Records of one partition: those from offset `low` on and before offset `high`. */
export interface OffsetRange {
  topic: string;
  partition: number;
  low: bigint;
  high: bigint;
}

/** The ranges of all records in the topics. A topic that does not exist has none. */
export async function rangesOf(admin: Admin, topics: readonly string[]): Promise<OffsetRange[]> {
  const there = new Set(await admin.listTopics());
  const ranges = topics
    .filter((topic) => there.has(topic))
    .map(async (topic) =>
      (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }): OffsetRange => ({
        topic,
        partition,
        low: BigInt(low),
        high: BigInt(high),
      })),
    );
  return (await Promise.all(ranges)).flat();
}

/** A record, and when it was made in ms since 1970, in decimal digits. */
export type TimedRecord = TopicRecord & { timestamp: string };

/** Without a record for so long, while some are missing, the reading is given up. */
const STALE_MS = 30_000;

// A topic may hold records of any compression.
teachCodecs();

/** How far the reading of some ranges is. */
interface Reading {
  /** Ranges that are not read to their ends, by `topic/partition`. */
  left: Map<string, OffsetRange>;
  batches: number;
  failed?: Error;
}

/**
 * Every record of the ranges, those of one partition in their order.
 *
 * @param groupPrefix what the names of the stack's groups begin with
 * @throws when none comes for 30 s, naming what is missing, and what `take` throws
 */
export async function readRanges(
  kafka: KafkaAddress,
  ranges: readonly OffsetRange[],
  take: (topic: string, record: TimedRecord) => void,
  groupPrefix = "cdc",
): Promise<void> {
  const unread = ranges.filter(({ low, high }) => high > low);
  if (unread.length === 0) return;
  const reading: Reading = { left: new Map(unread.map((range) => [nameOf(range), range])), batches: 0 };
  const client = quietKafka({ clientId: "cdc-verify", ...clientConfig(kafka) });
  const groupId = momentary(groupPrefix, "verify");
  const consumer = client.consumer({ groupId, maxBytes: 16 << 20, maxWaitTimeInMs: 100 });
  try {
    await begin(consumer, reading, take);
    await untilRead(reading);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    const admin = client.admin();
    await admin.connect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}

function nameOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`;
}

async function begin(
  consumer: Consumer,
  reading: Reading,
  take: (topic: string, record: TimedRecord) => void,
): Promise<void> {
  const { left } = reading;
  await consumer.connect();
  const topics = [...new Set([...left.values()].map(({ topic }) => topic))];
  await consumer.subscribe({ topics, fromBeginning: true });
  consumer.on(consumer.events.CRASH, ({ payload }) => (reading.failed ??= payload.error));
  onBatchEnd(consumer, (batch) => {
    reading.batches++;
    if (batch.next >= (left.get(nameOf(batch))?.high ?? 0n)) left.delete(nameOf(batch));
  });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const range = left.get(nameOf(batch));
      if (range === undefined || reading.failed) return;
      try {
        for (const { key, value, offset, timestamp } of batch.messages)
          if (BigInt(offset) < range.high)
            take(batch.topic, { key, value, offset, timestamp, partition: batch.partition });
      } catch (error) {
        reading.failed = error as Error;
      }
    },
  });
}

/** The deadline begins again with each batch, so a long topic has as much time as it needs. */
async function untilRead(reading: Reading): Promise<void> {
  const { left } = reading;
  while (left.size > 0) {
    const before = reading.batches;
    await poll<void>(
      async () => {
        if (reading.failed) throw reading.failed;
        const moved = left.size === 0 || reading.batches > before;
        return moved ? { done: true, value: undefined } : { done: false, seen: "none" };
      },
      { what: `a record of ${[...left.keys()].join(", ")}`, deadlineMs: STALE_MS, intervalMs: 10 },
    );
  }
  if (reading.failed) throw reading.failed;
}
