import { expect, test } from "@jest/globals";
import type { Batch, BatchControl } from "../../../../consumer/delivery/batch";
import { Poison, type RangesByPartition } from "../../../../consumer/delivery/crash/poison";
import { createLog } from "../../../../consumer/log";

const TOPIC = "cdctest.public.a";

/** Several runs of one process: the events of each, and what it leaves for the next. */
class Lives {
  private kept: RangesByPartition = {};
  /** The group's committed offset, by partition. */
  private readonly committed = new Map<string, number>();
  readonly handled: string[] = [];
  readonly letters: string[] = [];
  readonly said: string[] = [];

  /**
   * One run of the process. In each partition, the records from the committed one on are a batch.
   *
   * @param work what the handler does with a record: "exit" ends the process there
   * @param settles whether the process learns at once what is done, as it does when a handler waits for something
   * @returns how it ended
   */
  async live(
    records: { [partition: string]: number[] },
    work: (record: string) => "done" | "exit" | Promise<"done" | "exit">,
    { settles = true, highWatermark = 1000 } = {},
  ): Promise<"exit" | "idle"> {
    let isOver = false;
    let exit!: () => void;
    const ended = new Promise<"exit">((resolve) => (exit = () => resolve("exit")));
    const log = createLog(
      "text",
      (text) => this.said.push(text.slice(24).trim()),
      () => 0,
    );
    const store = {
      load: () => this.kept,
      save: (ranges: RangesByPartition) => void (isOver || (this.kept = structuredClone(ranges))),
    };
    const poison = new Poison(store, log);
    const deliver = poison.watching({
      deliver: async ({ messages, partition }, control) => {
        for (const { offset } of messages) {
          const record = `${partition}:${offset}`;
          if (isOver || (await work(record)) === "exit") {
            isOver = true;
            exit();
            await new Promise(() => undefined);
          }
          this.handled.push(record);
          if (settles) control.resolve(offset);
        }
        control.resolve(messages.at(-1)!.offset);
      },
      giveUp: async ({ messages, partition }, control) => {
        for (const { offset } of messages) this.letters.push(`${partition}:${offset}`);
        control.resolve(messages.at(-1)!.offset);
      },
    });
    const batches = Object.entries(records).map(async ([partition, offsets]) => {
      const left = offsets.filter((offset) => offset >= (this.committed.get(partition) ?? 0));
      if (left.length === 0) return;
      await deliver(
        batchOf(Number(partition), left, highWatermark),
        this.controlOf(partition, () => isOver),
      );
    });
    return Promise.race([ended, Promise.all(batches).then(() => "idle" as const)]);
  }

  /** A run that is stopped while it has these records. */
  async stopped(offsets: number[]): Promise<void> {
    const store = { load: () => this.kept, save: (ranges: RangesByPartition) => void (this.kept = ranges) };
    const poison = new Poison(
      store,
      createLog(
        "text",
        () => undefined,
        () => 0,
      ),
    );
    const never = () => new Promise<void>(() => undefined);
    void poison.watching({ deliver: never, giveUp: never })(
      batchOf(0, offsets),
      this.controlOf("0", () => false),
    );
    poison.forget();
  }

  get atHand(): RangesByPartition {
    return this.kept;
  }

  private controlOf(partition: string, isOver: () => boolean): BatchControl {
    return {
      resolve: (offset) => void (isOver() || this.committed.set(partition, Number(offset) + 1)),
      waits: () => undefined,
      stopped: () => false,
      signal: new AbortController().signal,
    };
  }
}

function batchOf(partition: number, offsets: number[], highWatermark = 1000): Batch {
  const messages = offsets.map((offset) => ({ key: null, value: null, offset: String(offset) }));
  return { topic: TOPIC, partition, messages, highWatermark: String(highWatermark) };
}

const exitAt =
  (...poison: string[]) =>
  (record: string) =>
    poison.includes(record) ? "exit" : "done";

test("a record at which the process ends three times in a row is given up on, and the next one handled", async () => {
  const lives = new Lives();
  for (let i = 0; i < 3; i++) expect(await lives.live({ 0: [5] }, exitAt("0:5"))).toBe("exit");
  expect(lives.letters).toEqual([]);
  expect(await lives.live({ 0: [5, 6] }, exitAt("0:5"))).toBe("idle");
  expect(lives.letters).toEqual(["0:5"]);
  expect(lives.handled).toEqual(["0:6"]);
  expect(lives.atHand).toEqual({});
  expect(lives.said).toEqual([
    `the process ended once while the handler had offset 5 of ${TOPIC}/0: handed again`,
    `the process ended 2 times in a row while the handler had offset 5 of ${TOPIC}/0: handed again`,
    `the process ended 3 times in a row while the handler had offset 5 of ${TOPIC}/0: given up on`,
  ]);
});

test.each([true, false])(
  "one in the middle of a batch is found, whether what is done is known at once (%s)",
  async (settles) => {
    const lives = new Lives();
    const records = { 0: Array.from({ length: 100 }, (_, i) => i) };
    let ends = 0;
    while ((await lives.live(records, exitAt("0:70"), { settles })) === "exit") expect(++ends).toBeLessThan(8);
    expect(lives.letters).toEqual(["0:70"]);
    expect(new Set(lives.handled).size).toBe(99);
    expect(lives.atHand).toEqual({});
  },
);

test("two poisonous records are both given up on, and what is at hand with them in other partitions is not", async () => {
  const lives = new Lives();
  const records = { 0: [1, 2, 3], 1: [1, 2], 2: [7] };
  // The third record's handler takes longer than the others take to end the process.
  const work = async (record: string) => {
    if (record === "2:7") await new Promise((resolve) => setTimeout(resolve, 20));
    return exitAt("0:2", "1:1")(record);
  };
  let ends = 0;
  while ((await lives.live(records, work)) === "exit") expect(++ends).toBeLessThan(20);
  expect(lives.letters.sort()).toEqual(["0:2", "1:1"]);
  expect(new Set(lives.handled)).toEqual(new Set(["0:1", "0:3", "1:2", "2:7"]));
});

test("ends between which a partition gets on give nothing up", async () => {
  const lives = new Lives();
  const records = { 0: Array.from({ length: 50 }, (_, i) => i) };
  for (let end = 3; end < 50; end += 4) await lives.live(records, exitAt(`0:${end}`));
  expect(await lives.live(records, exitAt())).toBe("idle");
  expect(lives.letters).toEqual([]);
});

test("what was at hand beside a poisonous record is not given up on when the process is killed once more", async () => {
  const lives = new Lives();
  const never = () => new Promise<"done">(() => undefined);
  const beside = (record: string) => (record === "1:7" ? never() : exitAt("0:5")(record));
  for (let i = 0; i < 2; i++) expect(await lives.live({ 1: [7], 0: [5] }, beside)).toBe("exit");
  // This record is the only one under way, and may not be the cause.
  expect(await lives.live({ 1: [7] }, exitAt("1:7"))).toBe("exit");
  expect(await lives.live({ 1: [7] }, exitAt())).toBe("idle");
  expect([lives.letters, lives.handled]).toEqual([[], ["1:7"]]);
});

test("a stop that was asked for is no end", async () => {
  const lives = new Lives();
  for (let i = 0; i < 5; i++) await lives.stopped([5]);
  expect(lives.atHand).toEqual({});
  expect(await lives.live({ 0: [5] }, exitAt())).toBe("idle");
  expect(lives.said).toEqual([]);
});

test("what another member of the group has handled meanwhile, or a topic that was made again has, is no suspect", async () => {
  const handledElsewhere = new Lives();
  for (let i = 0; i < 3; i++) await handledElsewhere.live({ 0: [5] }, exitAt("0:5"));
  expect(await handledElsewhere.live({ 0: [9] }, exitAt())).toBe("idle");
  expect([handledElsewhere.letters, handledElsewhere.atHand]).toEqual([[], {}]);

  const madeAgain = new Lives();
  for (let i = 0; i < 3; i++) await madeAgain.live({ 0: [5] }, exitAt("0:5"));
  expect(await madeAgain.live({ 0: [0, 1] }, exitAt(), { highWatermark: 2 })).toBe("idle");
  expect([madeAgain.letters, madeAgain.atHand]).toEqual([[], {}]);
});
