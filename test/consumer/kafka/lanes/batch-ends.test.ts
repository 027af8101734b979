import { expect, test } from "@jest/globals";
import type { Consumer } from "kafkajs";
import { type BatchEnd, onBatchEnd } from "../../../../consumer/kafka/lanes/batch-ends";

test("a consumer is behind all of a batch, also of one that no reader gets a record of", () => {
  const told: BatchEnd[] = [];
  let listener: (event: { payload: object }) => void = () => undefined;
  const consumer = {
    events: { END_BATCH_PROCESS: "consumer.end_batch_process" },
    on: (name: string, told: typeof listener) => {
      expect(name).toBe("consumer.end_batch_process");
      listener = told;
    },
  } as unknown as Consumer;
  onBatchEnd(consumer, (end) => void told.push(end));
  const batch = { topic: "t", partition: 1, highWatermark: "12", firstOffset: "7", duration: 3 };
  listener({ payload: { ...batch, batchSize: 2, lastOffset: "9" } });
  // The end of a transaction, and an aborted transaction with its end.
  listener({ payload: { ...batch, batchSize: 0, lastOffset: "11" } });
  const at = { topic: "t", partition: 1, highWatermark: "12" };
  expect(told).toEqual([
    { ...at, next: 10n, records: 2 },
    { ...at, next: 12n, records: 0 },
  ]);
});
