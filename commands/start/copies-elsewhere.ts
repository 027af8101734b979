/** Whether the other brokers have all that a broker had whose volume is lost, so that it can begin with an empty one and copy from them. */
import type { ITopicMetadata } from "kafkajs";
import { poll } from "../../components/poll";
import { quietKafka } from "../../consumer/kafka/quiet-kafka";

/** Time for brokers that have just been started, and for their cluster to miss the lost one, which takes 6 s after its end. */
const WAIT_MS = 60_000;

/**
 * Waits until no partition counts on a lost broker any more. Before that a lost broker with an empty volume could lead a partition, and the others would throw their records away
 * to be like it.
 *
 * @param servers addresses of the other brokers
 * @param lost ids of the lost brokers
 * @returns why they cannot begin empty; undefined where they can
 */
export async function lackingCopies(
  servers: readonly string[],
  lost: readonly number[],
  deadlineMs = WAIT_MS,
): Promise<string | undefined> {
  const admin = quietKafka({ clientId: "cdc-look", brokers: [...servers] }).admin();
  try {
    await poll<void>(
      async () => {
        try {
          await admin.connect();
          const { topics } = await admin.fetchTopicMetadata();
          const held = countingOn(topics, lost);
          return held.length === 0
            ? { done: true, value: undefined }
            : { done: false, seen: `no other broker has all records of ${held.join(", ")}` };
        } catch (error) {
          return { done: false, seen: (error as Error).message };
        }
      },
      { what: "the other brokers to have all records", deadlineMs, intervalMs: 500 },
    );
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await admin.disconnect();
  }
}

/** Pure: partitions that a lost broker leads, or counts as a whole copy of; and those that nobody leads. As `topic-0`. */
export function countingOn(topics: readonly ITopicMetadata[], lost: readonly number[]): string[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions
      .filter(({ leader, isr }) => leader < 0 || isr.length === 0 || [leader, ...isr].some((id) => lost.includes(id)))
      .map(({ partitionId }) => `${name}-${partitionId}`),
  );
}
