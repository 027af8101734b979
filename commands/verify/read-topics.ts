/** Topics from their beginning to an end that is known before. */
import { type Admin, Kafka, logLevel } from "kafkajs";
import { teachCodecs } from "../../consumer/kafka/compression/codecs";
import { isStale } from "./stale";
import type { TopicRecord } from "./topic-rows";

/** One partition's records: from `low` on, and up to the one before `high`. */
export interface Span {
  topic: string;
  partition: number;
  low: bigint;
  high: bigint;
}

export async function spansOf(admin: Admin, topics: readonly string[]): Promise<Span[]> {
  const spans = topics.map(async (topic) =>
    (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }): Span => ({
      topic,
      partition,
      low: BigInt(low),
      high: BigInt(high),
    })),
  );
  return (await Promise.all(spans)).flat();
}

// A topic may hold records of any compression.
teachCodecs();

/**
 * Every record of the spans, those of one partition in their order.
 *
 * @throws when none comes for 30 s, naming what is missing, and what `take` throws
 */
export async function readSpans(
  server: string,
  spans: readonly Span[],
  take: (topic: string, record: TopicRecord) => void,
): Promise<void> {
  const left = new Map(
    spans.filter(({ low, high }) => high > low).map((span) => [`${span.topic}/${span.partition}`, span]),
  );
  if (left.size === 0) return;
  const kafka = new Kafka({ clientId: "cdc-verify", brokers: [server], logLevel: logLevel.NOTHING });
  const groupId = `cdc-verify-${process.pid}-${Date.now().toString(36)}`;
  const consumer = kafka.consumer({ groupId, maxBytes: 16 << 20, maxWaitTimeInMs: 100 });
  const progress = isStale(30_000);
  try {
    await consumer.connect();
    await consumer.subscribe({
      topics: [...new Set([...left.values()].map(({ topic }) => topic))],
      fromBeginning: true,
    });
    await new Promise<void>((resolve, reject) => {
      const watch = progress.watch(() =>
        reject(new Error(`no record came for 30 s; missing are those of ${[...left.keys()].join(", ")}`)),
      );
      const end = (error?: Error): void => {
        watch.stop();
        if (error) reject(error);
        else resolve();
      };
      consumer.on(consumer.events.CRASH, ({ payload }) => end(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachBatch: ({ batch }) => {
            progress.moved();
            const span = left.get(`${batch.topic}/${batch.partition}`);
            if (span === undefined) return Promise.resolve();
            try {
              for (const message of batch.messages) if (BigInt(message.offset) < span.high) take(batch.topic, message);
            } catch (error) {
              end(error as Error);
              return Promise.resolve();
            }
            // The last offset of a batch may be no record's: where a transaction ends, or one that compaction took.
            if (BigInt(batch.lastOffset()) + 1n >= span.high) left.delete(`${batch.topic}/${batch.partition}`);
            if (left.size === 0) end();
            return Promise.resolve();
          },
        })
        .catch(end);
    });
  } finally {
    await consumer.disconnect().catch(() => undefined);
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}
