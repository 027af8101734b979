import { randomUUID } from "node:crypto";
import type { Admin, Consumer } from "kafkajs";
import { momentary } from "../../existing/kafka/group-names";
import { onBatchEnd } from "../../../consumer/kafka/lanes/batch-ends";
import { clientConfig, type KafkaAddress, serversOf } from "../../existing/kafka/kafka-access";
import { writtenTo } from "./written";

/** A notification of Debezium about a snapshot, as far as it is needed to follow one. */
export interface Notification {
  /** For an incremental snapshot: the id of the signal that asked for it. */
  id: string;
  /** `incremental`: the stream goes on meanwhile. `blocking`: the stream waits. */
  kind: "incremental" | "blocking";
  /** `STARTED`, `IN_PROGRESS`, `TABLE_SCAN_COMPLETED`, `COMPLETED`, `ABORTED`, … */
  type: string;
  /** The snapshot's tables, where the notification names them. */
  tables?: string[];
  /** `TABLE_SCAN_COMPLETED`: the table. */
  table?: string;
  /** `TABLE_SCAN_COMPLETED`: the rows that were read since the task started. */
  rows?: number;
  /** `TABLE_SCAN_COMPLETED`: `SUCCEEDED`, `EMPTY`, or why it was not read. */
  status?: string;
  /** Its record's offset in the topic. */
  offset?: number;
}

/**
 * The topic of Debezium's notifications. Connect makes it, like that of the heartbeats.
 *
 * @param topicPrefix `topic.prefix`
 */
export function notificationTopic(topicPrefix: string): string {
  return `__debezium-notifications.${topicPrefix}`;
}

/** Pure: what a record of that topic says; `undefined` for one of another kind. */
export function notificationOf(value: string | null): Notification | undefined {
  const raw = rawOf(value);
  if (!raw) return undefined;
  const { id, type, aggregate_type: aggregate, additional_data: data = {} } = raw;
  const kind = KINDS[aggregate];
  if (!kind) return undefined;
  return {
    id,
    kind,
    type,
    ...(data["data_collections"] === undefined ? {} : { tables: data["data_collections"].split(",") }),
    ...(data["scanned_collection"] === undefined ? {} : { table: data["scanned_collection"] }),
    ...(data["total_rows_scanned"] === undefined ? {} : { rows: Number(data["total_rows_scanned"]) }),
    ...(data["status"] === undefined ? {} : { status: data["status"] }),
  };
}

interface Raw {
  id: string;
  type: string;
  aggregate_type: string;
  additional_data?: Record<string, string>;
}

/** The record as JSON, whether its converter writes the schema beside it or not. */
function rawOf(value: string | null): Raw | undefined {
  try {
    const parsed = JSON.parse(value ?? "null") as Raw | { payload: Raw } | null;
    return parsed && "payload" in parsed ? parsed.payload : (parsed ?? undefined);
  } catch {
    return undefined;
  }
}

/** Debezium's words for the kinds. It calls a blocking snapshot an initial one (3.7.0). */
const KINDS: Record<string, Notification["kind"] | undefined> = {
  "Incremental Snapshot": "incremental",
  "Initial Snapshot": "blocking",
};

/** Debezium's notifications as they come, and counts of the records in other topics. */
export interface NotificationReader {
  /** All notifications so far, the oldest first. */
  told(): readonly Notification[];
  /** The offset behind the last of them; 0 before the first. */
  end(): number;
  /** Records that were ever written to a topic; 0 when it is not there. */
  written(topic: string): Promise<number>;
  close(): Promise<void>;
}

/** How long the broker holds a fetch that finds nothing, in milliseconds. `close` waits for its answer. */
const FETCH_MS = 250;
/** Without a record for so long, while some are missing, the reading is given up, in milliseconds. */
const STALE_MS = 30_000;

/**
 * Reads the topic from its beginning. Makes the topic if it does not exist.
 *
 * @param address Kafka as seen from here: `127.0.0.1:29092`
 * @param groupPrefix what the names of the stack's groups begin with
 * @throws when the broker does not answer, and when no record comes for 30 s while some are missing
 */
export async function readNotifications(
  address: KafkaAddress,
  topic: string,
  groupPrefix = "cdc",
): Promise<NotificationReader> {
  // Loaded late: hardly any run of the provider needs Kafka.
  const { quietKafka } = await import("../../../consumer/kafka/quiet-kafka");
  const kafka = quietKafka({ clientId: "cdc-connector", ...clientConfig(address) });
  const groupId = momentary(groupPrefix, "connector", randomUUID());
  const admin = kafka.admin();
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: FETCH_MS });
  const notifications: Notification[] = [];
  let isMember = false;
  const close = async (): Promise<void> => {
    await consumer.disconnect().catch(() => undefined);
    // Only a group that was made is deleted: a broker that is away would be waited for once more.
    if (isMember) await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect().catch(() => undefined);
  };
  try {
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
    const left = await endsOf(admin, topic);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    isMember = true;
    await untilCaughtUp(consumer, topic, left, ({ value, offset }) => {
      const found = notificationOf(value?.toString() ?? null);
      if (found) notifications.push({ ...found, offset: Number(offset) });
    });
  } catch (error) {
    await close();
    throw new Error(`Kafka at ${serversOf(address)} cannot be asked how snapshots go: ${(error as Error).message}.`);
  }
  return {
    told: () => notifications,
    end: () => (notifications.at(-1)?.offset ?? -1) + 1,
    written: (name) => writtenTo(admin, name),
    close,
  };
}

/**
 * The offset behind the last record of each partition that has records. Once retention has deleted all, Kafka sends nothing from a
 * partition, however high its offsets are.
 */
async function endsOf(admin: Admin, topic: string): Promise<Map<number, bigint>> {
  const offsets = await admin.fetchTopicOffsets(topic);
  const filled = offsets.filter(({ low, high }) => BigInt(high) > BigInt(low));
  return new Map(filled.map(({ partition, high }) => [partition, BigInt(high)]));
}

interface Told {
  value: Buffer | null;
  offset: string;
}

/** Begins the reading, which goes on, and waits until it has come to all of the ends. */
async function untilCaughtUp(
  consumer: Consumer,
  topic: string,
  left: Map<number, bigint>,
  take: (message: Told) => void,
): Promise<void> {
  let patience: NodeJS.Timeout | undefined;
  const missing = (): string =>
    [...left].map(([partition, end]) => `${topic}/${partition} up to offset ${end}`).join(", ");
  try {
    await new Promise<void>((caughtUp, failed) => {
      if (left.size === 0) caughtUp();
      else
        patience = setTimeout(() => failed(new Error(`no record in ${STALE_MS / 1000} s of ${missing()}`)), STALE_MS);
      consumer.on("consumer.crash", ({ payload }) => failed(payload.error));
      onBatchEnd(consumer, ({ partition, next }) => {
        if (next >= (left.get(partition) ?? next + 1n)) left.delete(partition);
        if (left.size === 0) caughtUp();
        else patience?.refresh();
      });
      const eachMessage = ({ message }: { message: Told }): Promise<void> => Promise.resolve(take(message));
      consumer.run({ autoCommit: false, eachMessage }).catch(failed);
    });
  } finally {
    clearTimeout(patience);
  }
}
