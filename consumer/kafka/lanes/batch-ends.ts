import type { Consumer } from "kafkajs";

/** The end of a batch that kafkajs is done with. */
export interface BatchEnd {
  topic: string;
  partition: number;
  /** The offset behind the batch. */
  next: bigint;
  /** 0: the batch held only records that no reader gets. */
  records: number;
  /** The offset behind the partition's last record, decimal digits. */
  highWatermark: string;
}

/**
 * Tells where a consumer is, also behind records that it is not given: the end of a transaction takes an offset, and so do the
 * records of an aborted one. kafkajs calls no `eachBatch` for a batch of nothing else. So the last record that a consumer gets
 * need not have the last offset.
 */
export function onBatchEnd(consumer: Consumer, told: (end: BatchEnd) => void): void {
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    const { topic, partition, lastOffset, batchSize: records, highWatermark } = payload;
    told({ topic, partition, next: BigInt(lastOffset) + 1n, records, highWatermark });
  });
}
