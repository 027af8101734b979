import type { Admin } from "kafkajs";
import { eachBrokerOnce } from "../../consumer/kafka/each-broker-once";
import { quietKafka } from "../../consumer/kafka/quiet-kafka";
import { clientConfig, type KafkaAddress } from "../existing/kafka/kafka-access";

/** One partition, and how far the consumer's group is with it. */
export interface PartitionLook {
  topic: string;
  partition: number;
  /** Records in it now: those that were retained. Where they are written in transactions, each of those counts as one, too. */
  records: number;
  /** Records that the group has not committed yet, counted in the same way; what is not committed in Kafka itself does not count. */
  behind: number;
  /** The first record that is not committed. Who looks twice sees whether it moves. */
  committed: string;
}

export interface BrokerLook {
  topics: string[];
  /** Those of the topics that were asked for. */
  partitions: PartitionLook[];
}

/**
 * Dead letters that nobody has sent back: each that was is one record of the retry topic.
 *
 * @param retryTopic undefined: none can be sent back
 */
export function waitingLetters(
  partitions: readonly PartitionLook[],
  deadLetterTopic: string | undefined,
  retryTopic: string | undefined,
): { all: number; waiting: number } {
  const recordsOf = (name: string | undefined) =>
    partitions.filter(({ topic }) => topic === name).reduce((sum, { records }) => sum + records, 0);
  const all = recordsOf(deadLetterTopic);
  return { all, waiting: Math.max(0, all - recordsOf(retryTopic)) };
}

/**
 * @param group whose offsets count; empty: nobody reads
 * @param topics those to look into; one that does not exist is left out
 */
export async function lookAtBroker(
  kafka: KafkaAddress,
  group: string,
  topics: string[],
  deadlineMs: number,
): Promise<BrokerLook> {
  return withBroker(kafka, deadlineMs, async (admin, present) => {
    const wanted = topics.filter((topic) => present.includes(topic));
    const committed = group === "" ? [] : await admin.fetchOffsets({ groupId: group, topics: wanted });
    const partitions = await Promise.all(
      wanted.map(async (topic) => {
        const group = committed.find((each) => each.topic === topic)?.partitions ?? [];
        return (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => {
          const offset = group.find((each) => each.partition === partition)?.offset ?? "-1";
          return partitionLook(topic, partition, { low, high, committed: offset });
        });
      }),
    );
    return { topics: present.sort(), partitions: partitions.flat() };
  });
}

/** Pure. A group that has committed nothing, -1, has all of it before it. */
export function partitionLook(
  topic: string,
  partition: number,
  offsets: Record<"low" | "high" | "committed", string>,
): PartitionLook {
  const [low, high, committed] = [BigInt(offsets.low), BigInt(offsets.high), BigInt(offsets.committed)];
  const next = committed < low ? low : committed;
  return {
    topic,
    partition,
    records: Number(high - low),
    behind: Math.max(0, Number(high - next)),
    committed: next.toString(),
  };
}

/**
 * Runs something with a client of its own, and the names of all topics. The client gives up at once; of several brokers it asks the next one where one is down.
 */
export async function withBroker<T>(
  kafka: KafkaAddress,
  deadlineMs: number,
  work: (admin: Admin, topics: string[]) => Promise<T>,
): Promise<T> {
  const config = clientConfig(kafka);
  const admin = quietKafka({
    clientId: "cdc-look",
    ...config,
    connectionTimeout: deadlineMs,
    requestTimeout: deadlineMs,
    retry: eachBrokerOnce(config.brokers),
  }).admin();
  try {
    await admin.connect();
    // kafkajs knows the brokers once it has asked for topics; without retries any other first question fails.
    return await work(admin, await admin.listTopics());
  } finally {
    await admin.disconnect();
  }
}
