import type { Admin } from "kafkajs";
import { eachBrokerOnce } from "../../consumer/kafka/each-broker-once";
import { quietKafka } from "../../consumer/kafka/quiet-kafka";
import { clientConfig, type KafkaAddress } from "../existing/kafka/kafka-access";

/** A partition, and how far the consumer's group has read it. */
export interface PartitionLook {
  topic: string;
  partition: number;
  /** Number of records that it holds. With transactions, each transaction counts as one, too. */
  records: number;
  /** Number of records that the group has not committed, counted in the same way. Records of open Kafka transactions do not count. */
  behind: number;
  /** Offset of the first record that the group has not committed. Two looks show whether it moves. */
  committed: string;
}

export interface BrokerLook {
  topics: string[];
  /** Partitions of the requested topics. */
  partitions: PartitionLook[];
  /** Requested topics that cannot be asked, as a partition of theirs has no leader. @default none */
  leaderless?: string[];
  /** Number of dead letters that nobody has sent back, where they were read to know it. */
  waitingLetters?: number;
}

/**
 * Number of dead letters that nobody has sent back. Where they were not read, each record of the retry topic counts as one that was sent back.
 * It may be one that is gone.
 *
 * @param retryTopic undefined when none can be sent back
 */
export function waitingLetters(
  { partitions, waitingLetters: read }: Pick<BrokerLook, "partitions" | "waitingLetters">,
  deadLetterTopic: string | undefined,
  retryTopic: string | undefined,
): { all: number; waiting: number } {
  const recordsOf = (name: string | undefined) =>
    partitions.filter(({ topic }) => topic === name).reduce((sum, { records }) => sum + records, 0);
  const all = recordsOf(deadLetterTopic);
  return { all, waiting: read ?? Math.max(0, all - recordsOf(retryTopic)) };
}

/**
 * @param group whose offsets count; empty when nobody reads
 * @param topics the topics to look into, or which of the existing ones; one that does not exist is left out
 * @param isPartial whether topics without a leader are named, in place of an error
 */
export async function lookAtBroker(
  kafka: KafkaAddress,
  group: string,
  topics: string[] | ((existing: readonly string[]) => string[]),
  deadlineMs: number,
  isPartial = false,
): Promise<BrokerLook> {
  return withBroker(kafka, deadlineMs, async (admin, present) => {
    const asked = typeof topics === "function" ? topics(present) : topics;
    const there = asked.filter((topic) => present.includes(topic));
    // kafkajs asks for all topics again once one of them has no leader, and fails for all.
    const without = isPartial ? await topicsWithoutLeader(admin) : [];
    const leaderless = there.filter((topic) => without.includes(topic));
    const wanted = there.filter((topic) => !without.includes(topic));
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
    return { topics: present.sort(), partitions: partitions.flat(), ...(leaderless.length > 0 && { leaderless }) };
  });
}

async function topicsWithoutLeader(admin: Pick<Admin, "fetchTopicMetadata">): Promise<string[]> {
  const { topics } = await admin.fetchTopicMetadata();
  return topics.filter(({ partitions }) => partitions.some(({ leader }) => leader < 0)).map(({ name }) => name);
}

/** Pure: how far the group has read a partition. When it has committed nothing (-1), all records are left. */
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
 * Calls `work` with a client of its own and the names of all topics. The client does not retry. With several brokers, it asks the next one when one
 * is down.
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
    // kafkajs knows the brokers only after a request for topics. Without retries, any other first request fails.
    return await work(admin, await admin.listTopics());
  } finally {
    await admin.disconnect();
  }
}
