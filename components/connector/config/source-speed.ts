/** Keys of a Postgres source that decide its speed: the classes of `images/kafka/extensions`, batches, and the producer. */
import * as pulumi from "@pulumi/pulumi";
import type { ConfigValue } from "../connector-types";
import type { PostgresSourceArgs } from "./postgres-source";
import { MAX_RECORD_MB, recordBytes } from "./record-size";

type In<T> = pulumi.Input<T>;

/** The converter that writes values as Postgres prints them. */
export const TEXT_CONVERTER = { name: "text", type: "cdc.PostgresTextConverter" } as const;

/** Keys that switch on the classes of `images/kafka/extensions`. */
const EXTENSIONS = {
  "queue.provider.type": "prompt",
  "driver.socketFactory": "cdc.PatientSocketFactory",
  // Values of types that Debezium does not read whole are written as Postgres prints them. In a snapshot the driver gives them so only
  // without binary transfer.
  converters: TEXT_CONVERTER.name,
  [`${TEXT_CONVERTER.name}.type`]: TEXT_CONVERTER.type,
  "driver.binaryTransfer": false,
  // Adds `commit_lsn` and `event_serial_no` to `source`. They identify a change, and are the same each time it is read.
  "sourceinfo.struct.maker": "cdc.OrderedSource",
  // Confirming the offset to Postgres has to wait while PatientSocketFactory's reader reads. The task does not wait for it: the
  // confirmation comes a moment later, and Postgres keeps some more of the log until then.
  "lsn.flush.timeout.ms": 1,
  "lsn.flush.timeout.action": "ignore",
};

/** Debezium refuses a queue that holds no more than one batch. */
function twoBatches(batch: In<ConfigValue>): In<number> {
  const queue = (events: ConfigValue): number => Math.max(1024, 2 * Number(events) || 0);
  return typeof batch === "number" || typeof batch === "string" ? queue(batch) : pulumi.output(batch).apply(queue);
}

/** Pure: keys that put records and offsets into one transaction. They win over those of `speed`. */
export function exactlyOnce({ producerOverrides = true }: PostgresSourceArgs): Record<string, ConfigValue> {
  return {
    "exactly.once.support": "required",
    // One transaction for each poll: a longer one would delay its first records.
    "transaction.boundary": "poll",
    // The broker refuses a transaction while it still ends the one before. That takes it a few milliseconds, and by default the
    // producer tries again only after 20.
    ...(producerOverrides && { "producer.override.retry.backoff.ms": 2 }),
  };
}

/** Pure: keys that decide the connector's speed and memory. */
export function speed(args: PostgresSourceArgs): Record<string, In<ConfigValue>> {
  const maxRecordMb = args.maxRecordMb ?? MAX_RECORD_MB;
  const extensions = args.extensions ?? true;
  // A transaction takes the same time for few events as for many, and the task writes nothing else meanwhile.
  const batch = args.maxBatchSize ?? (args.exactlyOnce ? 2048 : 512);
  return {
    // Without it, columns of types that Debezium does not know are left out.
    ...(extensions ? EXTENSIONS : { "include.unknown.datatypes": true }),
    "poll.interval.ms": args.pollIntervalMs ?? (extensions ? 50 : 5),
    // An event in the queue or in the producer is some kB of Java objects, and a full queue costs garbage collection.
    "max.batch.size": batch,
    "max.queue.size": args.maxQueueSize ?? twoBatches(args.overrides?.["max.batch.size"] ?? batch),
    // Without a bound in bytes, some hundred rows of a megabyte each would fill the worker's heap.
    "max.queue.size.in.bytes": args.maxQueueBytes ?? 50_000_000,
    // Rows that the driver holds at once in a snapshot, whatever their size. Debezium's 10,240 are no faster.
    "snapshot.fetch.size": 1024,
    // While this buffer is full, the kernel on Postgres' side gathers the rows that follow. Otherwise it sends each row by itself,
    // and a packet costs as much as all else that Postgres does for the row.
    "driver.receiveBufferSize": 65536,
    ...((args.producerOverrides ?? true)
      ? producer(maxRecordMb, extensions, args.workerTakesRecords ?? extensions)
      : {}),
  };
}

function producer(maxRecordMb: number, extensions: boolean, isLimited: boolean): Record<string, In<ConfigValue>> {
  return {
    "producer.override.buffer.memory": recordBytes(maxRecordMb) + 1024 * 1024,
    "producer.override.acks": "all",
    // Idempotence keeps the order with five requests under way, once the broker knows the producer. `images/kafka/build/FirstBatchAlone.java`
    // sends the first batch alone for that. A worker without it gets one request at a time, Connect's own value.
    "producer.override.enable.idempotence": true,
    "producer.override.max.in.flight.requests.per.connection": extensions ? 5 : 1,
    "producer.override.batch.size": 262144,
    "producer.override.linger.ms": 0,
    // Lets records gather while many are on their way. linger.ms would also delay a record that comes alone.
    ...(extensions && { "producer.override.interceptor.classes": "cdc.GatheringInterceptor" }),
    // The stack's own worker has this limit for all of its connectors.
    ...(isLimited ? {} : { "producer.override.max.request.size": recordBytes(maxRecordMb) }),
  };
}
