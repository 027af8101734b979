import type { Consumer } from "kafkajs";

/** One that kafkajs is done with. */
export interface BatchEnd {
  topic: string;
  partition: number;
  /** The offset behind all that is in it. */
  next: bigint;
  /** 0: it held only what no reader gets. */
  records: number;
  /** The offset behind all that is in the partition, decimal digits. */
  highWatermark: string;
}

/**
 * Tells where a consumer is, also behind what it is not given: a transaction takes an offset for its end, and an aborted one
 * those of its records. A batch of nothing else comes to no `eachBatch`, and the last record is not the last offset.
 */
export function onBatchEnd(consumer: Consumer, told: (end: BatchEnd) => void): void {
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    const { topic, partition, lastOffset, batchSize: records, highWatermark } = payload;
    told({ topic, partition, next: BigInt(lastOffset) + 1n, records, highWatermark });
  });
}
