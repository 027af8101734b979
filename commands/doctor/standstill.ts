import type { KafkaAddress } from "../../components/existing/kafka/kafka-access";
import { poll, type Probe } from "../../components/poll";
import { lookAtBroker, type PartitionLook } from "../../components/preflight/broker-look";
import type { Finding } from "../look/finding";
import { counted } from "../look/amounts";

/** The consumer commits every second or so while it gets on. */
const WATCHED_MS = 2500;

/**
 * Those of the partitions in which the consumer has something to read and does not get on. Its health check cannot tell:
 * a handler that waits for ever looks like one that works.
 *
 * @param waiting partitions in which it had something to read at the first look
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
    // A broker that went away meanwhile is no standstill.
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
