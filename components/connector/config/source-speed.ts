/** Keys of a Postgres source that say how fast it is: what `images/kafka/extensions` has, batches, and the producer. */
import * as pulumi from "@pulumi/pulumi";
import type { ConfigValue } from "../connector-types";
import type { PostgresSourceArgs } from "./postgres-source";
import { MAX_RECORD_MB, recordBytes } from "./record-size";

type In<T> = pulumi.Input<T>;

/** What `images/kafka/extensions` is for. */
const EXTENSIONS = {
  "queue.provider.type": "prompt",
  "driver.socketFactory": "cdc.PatientSocketFactory",
  // Values of types that Debezium does not read whole, as Postgres prints them: in a snapshot that is how they come.
  converters: "text",
  "text.type": "cdc.PostgresTextConverter",
  "driver.binaryTransfer": false,
  // Adds `commit_lsn` and `event_serial_no` to `source`: the same for a change whenever it is read, and of no other.
  "sourceinfo.struct.maker": "cdc.OrderedSource",
  // Telling Postgres how far changes are safe has to wait for a patient reader, and the task need not wait with it:
  // it is told a moment later, which keeps some more of the log.
  "lsn.flush.timeout.ms": 1,
  "lsn.flush.timeout.action": "ignore",
};

/** Debezium refuses a queue that holds no more than one batch. */
function twoBatches(batch: In<ConfigValue>): In<number> {
  const queue = (events: ConfigValue): number => Math.max(1024, 2 * Number(events) || 0);
  return typeof batch === "number" || typeof batch === "string" ? queue(batch) : pulumi.output(batch).apply(queue);
}

/** Pure: records and offsets in one transaction. Wins over what is said of the producer. */
export function exactlyOnce({ producerOverrides = true }: PostgresSourceArgs): Record<string, ConfigValue> {
  return {
    "exactly.once.support": "required",
    // A transaction for what is at hand: a longer one would hold up what came first.
    "transaction.boundary": "poll",
    // While the broker still ends the transaction before, it refuses the next one. That takes it a few milliseconds, and the
    // producer would ask again after 20.
    ...(producerOverrides && { "producer.override.retry.backoff.ms": 2 }),
  };
}

/** Pure: how fast it is, and what it holds meanwhile. */
export function speed(args: PostgresSourceArgs): Record<string, In<ConfigValue>> {
  const maxRecordMb = args.maxRecordMb ?? MAX_RECORD_MB;
  const extensions = args.extensions ?? true;
  // A transaction takes the same time for a few events and for many, and nothing else is written meanwhile.
  const batch = args.maxBatchSize ?? (args.exactlyOnce ? 2048 : 512);
  return {
    // Else columns of types that Debezium does not know would not be there at all.
    ...(extensions ? EXTENSIONS : { "include.unknown.datatypes": true }),
    "poll.interval.ms": args.pollIntervalMs ?? (extensions ? 50 : 5),
    // What waits here and in the producer are Java objects of some kB an event, and collecting them costs.
    "max.batch.size": batch,
    "max.queue.size": args.maxQueueSize ?? twoBatches(args.overrides?.["max.batch.size"] ?? batch),
    // Some hundred rows of a megabyte each would else be more than the worker's heap.
    "max.queue.size.in.bytes": args.maxQueueBytes ?? 50_000_000,
    // Rows that the driver holds at once in a snapshot, whatever their size. Its 10,240 are no faster.
    "snapshot.fetch.size": 1024,
    // While this much waits to be read, Postgres' kernel gathers what comes next. It sends every row by itself otherwise,
    // and a packet costs as much as all the rest that Postgres does for the row.
    "driver.receiveBufferSize": 65536,
    ...((args.producerOverrides ?? true) ? producer(maxRecordMb, extensions) : {}),
  };
}

function producer(maxRecordMb: number, extensions: boolean): Record<string, In<ConfigValue>> {
  return {
    "producer.override.buffer.memory": recordBytes(maxRecordMb) + 1024 * 1024,
    "producer.override.acks": "all",
    // Idempotence keeps the order with five requests under way, once the broker knows the producer: `images/kafka/build/FirstBatchAlone.java`
    // sees to that. A stock worker has one, as Connect alone allows.
    "producer.override.enable.idempotence": true,
    "producer.override.max.in.flight.requests.per.connection": extensions ? 5 : 1,
    "producer.override.batch.size": 262144,
    "producer.override.linger.ms": 0,
    // Lets records gather while many are on their way. linger.ms would do it for all, and so hold up those that are alone.
    ...(extensions && { "producer.override.interceptor.classes": "cdc.GatheringInterceptor" }),
    // The stack's own worker says it for all of its connectors.
    ...(extensions ? {} : { "producer.override.max.request.size": recordBytes(maxRecordMb) }),
  };
}
