import { EventEmitter, once } from "node:events";
import { beforeEach, expect, jest, test } from "@jest/globals";
import type { EachBatchPayload } from "kafkajs";
import { openSlices, type SliceRecord } from "../../../consumer/kafka/record-slices";

/** A fake topic "t", of which a consumer gets the batches that a test passes on. */
class FakeTopic {
  readonly calls: string[] = [];
  readonly sought = new EventEmitter();
  private readonly listeners = new Map<string, (event: { payload: object }) => void>();
  private eachBatch: (payload: EachBatchPayload) => Promise<void> = () => Promise.resolve();

  readonly consumer = {
    events: { CRASH: "crash", GROUP_JOIN: "join", END_BATCH_PROCESS: "end" },
    on: (name: string, listener: (event: { payload: object }) => void) => void this.listeners.set(name, listener),
    connect: () => Promise.resolve(),
    subscribe: () => Promise.resolve(),
    run: ({ eachBatch }: { eachBatch: (payload: EachBatchPayload) => Promise<void> }) => {
      this.eachBatch = eachBatch;
      setImmediate(() => this.tell("join", {}));
      return Promise.resolve();
    },
    seek: ({ partition, offset }: { partition: number; offset: string }) => {
      this.calls.push(`seek ${partition} ${offset}`);
      this.sought.emit("sought");
    },
    pause: ([paused]: { partitions: number[] }[]) => this.calls.push(`pause ${paused!.partitions}`),
    resume: ([resumed]: { partitions: number[] }[]) => this.calls.push(`resume ${resumed!.partitions}`),
    disconnect: () => Promise.resolve(void this.calls.push("disconnect")),
  };

  tell(event: string, payload: object): void {
    this.listeners.get(event)?.({ payload });
  }

  async batch(partition: number, ...offsets: number[]): Promise<void> {
    const messages = offsets.map((offset) => ({ offset: String(offset) }));
    const pause = () => void this.calls.push("pause the batch");
    await this.eachBatch({ batch: { partition, messages }, pause } as unknown as EachBatchPayload);
    this.tell("end", { topic: "t", partition, lastOffset: String(offsets.at(-1)), batchSize: offsets.length });
  }
}

let topic: FakeTopic;
let offsets: () => Promise<object[]>;
jest.mock("kafkajs", () => ({
  ...jest.requireActual<object>("kafkajs"),
  Kafka: class {
    consumer = () => topic.consumer;
    admin = () => ({
      connect: () => Promise.resolve(),
      disconnect: () => Promise.resolve(),
      fetchTopicOffsets: () => offsets(),
    });
  },
}));

beforeEach(() => {
  topic = new FakeTopic();
});

const reader = () => openSlices({ brokers: ["b:9092"] }, "group", "t");
/** Resolves when the consumer is at the beginning of the slices. */
const begun = () => once(topic.sought, "sought");

test("a reader takes the records of its slices alone, and pauses a partition at its end", async () => {
  const taken: string[] = [];
  const take = (partition: number, { offset }: SliceRecord) => void taken.push(`${partition}/${offset}`);
  const slices = reader();
  const first = slices.read(
    [
      { partition: 0, from: 2n, to: 4n },
      { partition: 1, from: 0n, to: 0n },
    ],
    take,
  );
  await begun();
  await topic.batch(0, 1, 2, 3, 4, 5);
  await topic.batch(1, 0);
  await first;
  expect(taken).toEqual(["0/2", "0/3"]);
  expect(topic.calls).toEqual(["seek 0 2", "pause 0", "pause the batch"]);

  topic.calls.length = 0;
  const second = slices.read([{ partition: 0, from: 0n, to: 2n }], take);
  await begun();
  await topic.batch(0, 0, 1);
  await second;
  await slices.close();
  expect(taken).toEqual(["0/2", "0/3", "0/0", "0/1"]);
  expect(topic.calls).toEqual(["seek 0 0", "resume 0", "pause 0", "disconnect"]);
});

test("a slice that ends with a transaction's mark is read to its end", async () => {
  const read = reader().read([{ partition: 0, from: 0n, to: 3n }], () => undefined);
  await begun();
  await topic.batch(0, 0, 1);
  topic.tell("end", { topic: "t", partition: 0, lastOffset: "2", batchSize: 0 });
  await read;
});

test("what `take` throws, and what ends kafkajs, ends the reading", async () => {
  const slice = [{ partition: 0, from: 0n, to: 3n }];
  const full = reader().read(slice, () => {
    throw new Error("enough");
  });
  const told = expect(full).rejects.toThrow("enough");
  await begun();
  await topic.batch(0, 0);
  await told;
  expect(topic.calls).toContain("pause the batch");

  topic = new FakeTopic();
  const crashed = expect(reader().read(slice, () => undefined)).rejects.toThrow("no broker");
  await begun();
  topic.tell("crash", { error: new Error("no broker") });
  await crashed;
});

test("a topic that is not there has no bounds", async () => {
  offsets = () => Promise.resolve([{ partition: 0, low: "3", high: "9" }]);
  await expect(reader().bounds()).resolves.toEqual([{ partition: 0, from: 3n, to: 9n }]);
  offsets = () => Promise.reject(Object.assign(new Error("no"), { type: "UNKNOWN_TOPIC_OR_PARTITION" }));
  await expect(reader().bounds()).resolves.toBeNull();
  offsets = () => Promise.reject(new Error("timeout"));
  await expect(reader().bounds()).rejects.toThrow("timeout");
});
