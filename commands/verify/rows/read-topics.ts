/** Topics from their beginning to an end that is known before. */
import type { Admin } from "kafkajs";
import { clientConfig, type KafkaAddress } from "../../../components/existing/kafka/kafka-access";
import { poll } from "../../../components/poll";
import { teachCodecs } from "../../../consumer/kafka/compression/codecs";
import { onBatchEnd } from "../../../consumer/kafka/lanes/batch-ends";
import { quietKafka } from "../../../consumer/kafka/quiet-kafka";
import type { TopicRecord } from "../values/record-envelope";

/** One partition's records: from `low` on, and up to the one before `high`. */
export interface OffsetRange {
  topic: string;
  partition: number;
  low: bigint;
  high: bigint;
}

/** @param topics one that does not exist has none */
export async function spansOf(admin: Admin, topics: readonly string[]): Promise<OffsetRange[]> {
  const there = new Set(await admin.listTopics());
  const spans = topics
    .filter((topic) => there.has(topic))
    .map(async (topic) =>
      (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }): OffsetRange => ({
        topic,
        partition,
        low: BigInt(low),
        high: BigInt(high),
      })),
    );
  return (await Promise.all(spans)).flat();
}

/** A record, and when it was made in ms since 1970, in decimal digits. */
export type TimedRecord = TopicRecord & { timestamp: string };

/** So long without a record, with some missing, nothing will come any more. */
const STALE_MS = 30_000;

// A topic may hold records of any compression.
teachCodecs();

/**
 * Every record of the spans, those of one partition in their order.
 *
 * @throws when none comes for 30 s, naming what is missing, and what `take` throws
 */
export async function readSpans(
  kafka: KafkaAddress,
  spans: readonly OffsetRange[],
  take: (topic: string, record: TimedRecord) => void,
): Promise<void> {
  const left = new Map(
    spans.filter(({ low, high }) => high > low).map((span) => [`${span.topic}/${span.partition}`, span]),
  );
  if (left.size === 0) return;
  const client = quietKafka({ clientId: "cdc-verify", ...clientConfig(kafka) });
  const groupId = `cdc-verify-${process.pid}-${Date.now().toString(36)}`;
  const consumer = client.consumer({ groupId, maxBytes: 16 << 20, maxWaitTimeInMs: 100 });
  let batches = 0;
  let failed: Error | undefined;
  try {
    await consumer.connect();
    await consumer.subscribe({
      topics: [...new Set([...left.values()].map(({ topic }) => topic))],
      fromBeginning: true,
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => (failed ??= payload.error));
    onBatchEnd(consumer, ({ topic, partition, next }) => {
      batches++;
      const name = `${topic}/${partition}`;
      if (next >= (left.get(name)?.high ?? 0n)) left.delete(name);
    });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const span = left.get(`${batch.topic}/${batch.partition}`);
        if (span === undefined || failed) return;
        try {
          for (const message of batch.messages) if (BigInt(message.offset) < span.high) take(batch.topic, message);
        } catch (error) {
          failed = error as Error;
        }
      },
    });
    // As long as something comes there is no deadline.
    while (left.size > 0) {
      const before = batches;
      await poll<void>(
        async () => {
          if (failed) throw failed;
          const moved = left.size === 0 || batches > before;
          return moved ? { done: true, value: undefined } : { done: false, seen: "none" };
        },
        { what: `a record of ${[...left.keys()].join(", ")}`, deadlineMs: STALE_MS, intervalMs: 10 },
      );
    }
    if (failed) throw failed;
  } finally {
    await consumer.disconnect().catch(() => undefined);
    const admin = client.admin();
    await admin.connect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}
