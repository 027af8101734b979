import { beforeEach, expect, jest, test } from "@jest/globals";
import { LetterBox } from "../../../../consumer/kafka/letters/letter-box";
import { retryOf } from "../../../../consumer/kafka/letters/retry-topic";
import type { Slice } from "../../../../consumer/kafka/record-slices";
import type { LetterRecord } from "../../../../consumer/letters/letter";
import { record } from "../../letters/letters";

/** The records that each topic holds, and which offsets were read of it. */
let topics: Record<string, LetterRecord[]>;
let read: Record<string, string[]>;

jest.mock("../../../../consumer/kafka/record-slices", () => ({
  openSlices: (_kafka: unknown, _group: string, topic: string) => ({
    bounds: async () => {
      const all = topics[topic] ?? [];
      const from = BigInt(all[0]?.offset ?? 0);
      return [{ partition: 0, from, to: from + BigInt(all.length) }];
    },
    read: async ([slice]: Slice[], take: (partition: number, record: LetterRecord) => void) => {
      for (const each of topics[topic] ?? []) {
        if (BigInt(each.offset) < slice!.from || BigInt(each.offset) >= slice!.to) continue;
        (read[topic] ??= []).push(each.offset);
        take(0, each);
      }
    },
    close: async () => undefined,
  }),
}));
jest.mock("../../../../consumer/kafka/wait-for-topics", () => ({
  askingOnce: () => ({
    admin: () => ({
      connect: async () => undefined,
      disconnect: async () => undefined,
      listTopics: async () => [],
      fetchOffsets: async () => [{ partitions: [{ partition: 0, offset: "100" }] }],
    }),
  }),
}));

const box = () =>
  new LetterBox({
    kafka: { brokers: ["b:9092"] },
    groupId: "group",
    readerGroupId: "reader",
    deadLetterTopic: "dead",
    retryTopic: "retry",
  });

/** The letters that were sent back, as the retry topic has them. */
const sentBack = (...letters: LetterRecord[]) =>
  letters.map((letter, i): LetterRecord => {
    const headers = retryOf(letter, letter.offset).headers as LetterRecord["headers"];
    return { key: letter.key, value: letter.value, timestamp: "0", offset: String(i), ...(headers && { headers }) };
  });
const letters = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => record(from + i));

beforeEach(() => {
  topics = {};
  read = {};
});

test("letters of which none was sent back all wait, and only the newest are read", async () => {
  topics = { dead: letters(0, 10) };
  expect(await box().newest(2)).toMatchObject({ total: 10, waiting: 10 });
  expect(read).toEqual({ dead: ["8", "9"] });
});

test("those that were sent back do not wait, whether they are among the newest or not", async () => {
  topics = { dead: letters(0, 10), retry: sentBack(record(5), record(9)) };
  const { standings, ...counts } = await box().newest(2);
  expect(standings.map(({ state }) => state)).toEqual(["waiting", "handled"]);
  expect(counts).toEqual({ total: 10, waiting: 8 });
  expect(read["dead"]).toEqual(["5", "6", "7", "8", "9"]);
});

test("marks of letters that were deleted, or were in a topic before this one, count for none", async () => {
  topics = { dead: letters(6, 10), retry: sentBack(...letters(0, 6)) };
  expect(await box().newest(200)).toMatchObject({ total: 4, waiting: 4 });
  const before = (number: number) => record(number, { "dead-letter-offset": String(1000 + number) });
  topics = { dead: letters(0, 4), retry: sentBack(before(0), before(3)) };
  const { standings, waiting } = await box().newest(2);
  expect(waiting).toBe(4);
  expect(standings.map(({ state }) => state)).toEqual(["waiting", "waiting"]);
  expect(await box().standing("0")).toMatchObject({ state: "waiting" });
});
