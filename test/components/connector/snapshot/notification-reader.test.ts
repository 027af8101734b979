import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { readNotifications } from "../../../../components/connector/snapshot/notifications";

/** A fake topic of notifications, of which a consumer gets the records that a test passes on. */
class FakeTopic {
  readonly calls: string[] = [];
  readonly listeners = new Map<string, (event: { payload: object }) => void>();
  private eachMessage: (payload: object) => Promise<void> = () => Promise.resolve();
  /** Resolves when the consumer runs. */
  readonly runs: Promise<void>;
  private running!: () => void;

  constructor(readonly offsets: { partition: number; low: string; high: string }[]) {
    this.runs = new Promise((resolve) => (this.running = resolve));
  }

  readonly consumer = {
    events: { END_BATCH_PROCESS: "end" },
    on: (name: string, listener: (event: { payload: object }) => void) => void this.listeners.set(name, listener),
    connect: () => Promise.resolve(),
    subscribe: () => Promise.resolve(),
    disconnect: () => Promise.resolve(void this.calls.push("disconnect")),
    run: ({ eachMessage }: { eachMessage: (payload: object) => Promise<void> }) => {
      this.eachMessage = eachMessage;
      this.running();
      return Promise.resolve();
    },
  };

  readonly admin = {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    createTopics: () => Promise.resolve(false),
    fetchTopicOffsets: () => Promise.resolve(this.offsets),
    deleteGroups: () => Promise.resolve(void this.calls.push("group deleted")),
  };

  async record(partition: number, offset: number, id: string): Promise<void> {
    const value = Buffer.from(JSON.stringify({ id, type: "STARTED", aggregate_type: "Incremental Snapshot" }));
    await this.eachMessage({ message: { value } });
    this.listeners.get("end")!({ payload: { topic: "n", partition, lastOffset: String(offset), batchSize: 1 } });
  }
}

let topic: FakeTopic;
jest.mock("../../../../consumer/kafka/quiet-kafka", () => ({
  quietKafka: () => ({ admin: () => topic.admin, consumer: () => topic.consumer }),
}));
beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const read = () => readNotifications("broker:9092", "n");

test("a topic whose records are all deleted is read at once: Kafka sends nothing from it", async () => {
  topic = new FakeTopic([{ partition: 0, low: "7", high: "7" }]);
  const reader = await read();
  expect(reader.told()).toEqual([]);
  await reader.close();
  expect(topic.calls).toEqual(["disconnect", "group deleted"]);
  expect(jest.getTimerCount()).toBe(0);
});

test("every partition that has records is read to its end, and what comes later is told too", async () => {
  topic = new FakeTopic([
    { partition: 0, low: "4", high: "4" },
    { partition: 1, low: "3", high: "5" },
    { partition: 2, low: "0", high: "1" },
  ]);
  let isOver = false;
  const reading = read().finally(() => (isOver = true));
  await topic.runs;
  await topic.record(1, 3, "a");
  await topic.record(1, 4, "b");
  await jest.advanceTimersByTimeAsync(1000);
  expect(isOver).toBe(false);
  await topic.record(2, 0, "c");
  const reader = await reading;
  await topic.record(0, 4, "d");
  expect(reader.told().map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
  expect(jest.getTimerCount()).toBe(0);
});

test("where no record comes for 30 s, the reading ends with the partition and its offset", async () => {
  topic = new FakeTopic([{ partition: 0, low: "3", high: "9" }]);
  const failed = expect(read()).rejects.toThrow(
    "Kafka at broker:9092 cannot be asked how snapshots go: no record in 30 s of n/0 up to offset 9.",
  );
  await topic.runs;
  await jest.advanceTimersByTimeAsync(29_000);
  await topic.record(0, 3, "a");
  await jest.advanceTimersByTimeAsync(29_000);
  expect(topic.calls).toEqual([]);
  await jest.advanceTimersByTimeAsync(1000);
  await failed;
  expect(topic.calls).toEqual(["disconnect", "group deleted"]);
});
