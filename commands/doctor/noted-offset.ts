import { randomUUID } from "node:crypto";
import { storedPosition } from "../../components/connector/slot/source";
import type { ContainerLook } from "../look/containers-look";
import { momentary } from "../../components/existing/kafka/group-names";
import { withBroker } from "../../components/preflight/broker-look";
import { onBatchEnd } from "../../consumer/kafka/lanes/batch-ends";
import { quietKafka } from "../../consumer/kafka/quiet-kafka";
import { clientConfig, type KafkaAddress } from "../../components/existing/kafka/kafka-access";
import type { SlotLook } from "../look/database-look";
import type { Finding } from "../look/finding";
import { binaryBytes } from "../look/amounts";

/** How many records to read from the end: Kafka Connect writes each connector's offset again and again, so the last ones do. */
const LAST_RECORDS = 500n;

/** Pure: the topic in which a worker of these settings notes offsets. */
export function offsetsTopic({ environment }: ContainerLook): string | undefined {
  return /^offset\.storage\.topic=(\S+)$/m.exec(environment["PROPERTIES"] ?? "")?.[1];
}

/**
 * The last position in Postgres' log that Kafka Connect noted for a connector, read from Kafka since Connect does not answer.
 *
 * @param groupPrefix what the names of the stack's groups begin with
 * @returns bytes from the log's beginning; null: nothing, or not lately
 */
export async function notedBytes(
  server: KafkaAddress,
  topic: string,
  connector: string,
  deadlineMs: number,
  groupPrefix: string,
): Promise<number | null> {
  return withBroker(server, deadlineMs, async (admin) => {
    const spans = (await admin.fetchTopicOffsets(topic))
      .map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) }))
      .filter(({ low, high }) => high > low);
    const left = new Map(spans.map(({ partition, high }) => [partition, high]));
    const groupId = momentary(groupPrefix, "look", randomUUID());
    const consumer = quietKafka({ clientId: "cdc-look", ...clientConfig(server) }).consumer({
      groupId,
      maxWaitTimeInMs: 100,
    });
    let found: number | null = null;
    try {
      if (left.size === 0) return null;
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await new Promise<void>((resolve, reject) => {
        const giveUp = setTimeout(() => reject(new Error(`${topic} was not read in time`)), deadlineMs);
        const eachBatch = ({ batch }: { batch: OffsetsBatch }): Promise<void> => {
          for (const { key, value } of batch.messages) {
            if (nameIn(key) === connector) found = positionIn(value);
          }
          return Promise.resolve();
        };
        onBatchEnd(consumer, ({ partition, next }) => {
          if (next >= (left.get(partition) ?? 0n)) left.delete(partition);
          if (left.size === 0) resolve(clearTimeout(giveUp));
        });
        consumer.run({ autoCommit: false, eachBatch }).catch(reject);
        for (const { partition, low, high } of spans) {
          const from = high - LAST_RECORDS > low ? high - LAST_RECORDS : low;
          consumer.seek({ topic, partition, offset: from.toString() });
        }
      });
      return found;
    } finally {
      await consumer.disconnect().catch(() => undefined);
      await admin.deleteGroups([groupId]).catch(() => undefined);
    }
  });
}

interface OffsetsBatch {
  messages: { key: Buffer | null; value: Buffer | null }[];
}

/** A key is `["customer-cdc",{"server":"cdctest"}]`. */
function nameIn(key: Buffer | null): string | undefined {
  return key === null ? undefined : (JSON.parse(key.toString()) as string[])[0];
}

/** A null forgets the offset. */
function positionIn(value: Buffer | null): number | null {
  return value === null ? null : storedPosition({ offsets: [{ offset: JSON.parse(value.toString()) }] });
}

/** Pure. A worker that was killed may have confirmed changes to Postgres that it had sent, before it noted their offset. */
export function notedFindings(slot: SlotLook, noted: number | null): Finding[] {
  const passed = noted === null ? 0 : slot.confirmedBytes - noted;
  if (passed <= 0) return [];
  const text =
    `begins ${binaryBytes(passed)} after what Kafka Connect noted last as read. If it was killed while it wrote, they are in ` +
    "Kafka; if somebody moved the slot, they are lost once it is started";
  return [{ part: "slot", about: slot.name, mark: "warning", text }];
}
