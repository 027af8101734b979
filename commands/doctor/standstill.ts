import type { KafkaAddress } from "../../components/existing/kafka/kafka-access";
import { poll, type Probe } from "../../components/poll";
import { lookAtBroker, type PartitionLook } from "../../components/preflight/broker-look";
import type { Finding } from "../look/finding";
import { counted } from "../look/amounts";

/** How long the partitions are watched, in milliseconds: a consumer that makes progress commits every second or so. */
const WATCHED_MS = 2500;

/**
 * The partitions in which the consumer has records to read and makes no progress. The consumer's health check cannot tell:
 * a handler that waits for ever looks like one that works.
 *
 * @param waiting partitions in which the consumer had records to read at the first look
 */
export async function standingStill(
  server: KafkaAddress,
  group: string,
  waiting: readonly PartitionLook[],
  deadlineMs: number,
): Promise<PartitionLook[]> {
  const topics = [...new Set(waiting.map(({ topic }) => topic))];
  let left = [...waiting];
  const look = async (): Promise<Probe<void>> => {
    const { partitions } = await lookAtBroker(server, group, topics, deadlineMs);
    left = left.filter((old) => {
      const now = partitions.find(({ topic, partition }) => topic === old.topic && partition === old.partition);
      return now !== undefined && now.behind > 0 && now.committed === old.committed;
    });
    return left.length === 0 ? { done: true, value: undefined } : { done: false, seen: `${left.length} partitions` };
  };
  if (left.length === 0) return [];
  return poll(look, { what: "the consumer to get on", deadlineMs: WATCHED_MS }).then(
    () => [],
    // Where the broker went away meanwhile, nothing is known, and no standstill is reported.
    (error: { code?: string }) => (error.code === "TIMEOUT" ? left : []),
  );
}

/** Pure. A handler may take its time, so this is no fault in itself. */
export function standstillFindings(partitions: readonly PartitionLook[]): Finding[] {
  return partitions.map(({ topic, partition, behind, committed }) => ({
    ...{ part: "deliveries", about: topic, mark: "warning" },
    text:
      `the handler has been at offset ${committed} of partition ${partition} for more than ${WATCHED_MS / 1000} s, with ` +
      `${counted(behind, "record")} to do: it is slow, or waits for something`,
    remedy: "npm run logs -- consumer",
  }));
}
