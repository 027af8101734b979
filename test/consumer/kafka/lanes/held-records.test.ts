import { expect, test } from "@jest/globals";
import type { RawMessage } from "../../../../consumer/change/change-event";
import { type BatchContext, FetchedRecord } from "../../../../consumer/kafka/internals/fetched-record";
import { holdRecords } from "../../../../consumer/kafka/lanes/held-records";
import { WireReader } from "../../../../consumer/kafka/internals/wire-reader";

const ANSWER = 1 << 20;

/** Zigzag encoding of numbers below 64. */
const varint = (number: number) => [number * 2];
const bytes = (text: string) => [...varint(text.length), ...Buffer.from(text)];

/** Records as in the answer to a fetch. */
function fetched(...values: string[]): { records: FetchedRecord[]; answer: Buffer } {
  const answer = Buffer.alloc(ANSWER);
  let at = 100;
  const records = values.map((value, i) => {
    const parts = [
      0,
      0,
      ...varint(i),
      ...bytes(`k${i}`),
      ...bytes(value),
      ...varint(1),
      ...bytes("h"),
      ...bytes("head"),
    ];
    const record = Buffer.from([...varint(parts.length), ...parts]);
    record.copy(answer, at);
    const start = { offset: 7, timestamp: 1000 };
    const read = FetchedRecord.read(new WireReader(answer, at), start, {} as BatchContext);
    at += record.length;
    return read;
  });
  return { records, answer };
}

const partsOf = ({ key, value, headers, offset, timestamp }: FetchedRecord) => [
  String(key),
  String(value),
  String(headers["h"]),
  offset,
  timestamp,
];

test("records that wait keep what they are, and not the megabyte that they came in", () => {
  const { records, answer } = fetched("one", "two");
  const before = records.map(partsOf);
  expect(before).toEqual([
    ["k0", "one", "head", "7", "1000"],
    ["k1", "two", "head", "8", "1000"],
  ]);
  expect(records[0]!.value!.buffer.byteLength).toBe(ANSWER);
  expect(holdRecords(records)).toBe(10);
  answer.fill(0);
  expect(records.map(partsOf)).toEqual(before);
  expect(records[0]!.value!.buffer.byteLength).toBeLessThan(ANSWER);
});

test("so do records that kafkajs decoded", () => {
  const answer = Buffer.from(`key value ${"x".repeat(ANSWER)}`);
  const headers = { h: answer.subarray(0, 3), list: [answer.subarray(4, 9), "text"], none: undefined };
  const message = { key: answer.subarray(0, 3), value: answer.subarray(4, 9), offset: "1", headers } as RawMessage;
  expect(holdRecords([message])).toBe(8);
  answer.fill(0);
  expect(message).toMatchObject({ key: Buffer.from("key"), value: Buffer.from("value") });
  expect(headers).toEqual({ h: Buffer.from("key"), list: [Buffer.from("value"), "text"], none: undefined });
});

test("records that are most of their answer are left in it", () => {
  const answer = Buffer.alloc(100_000);
  const message: RawMessage = { key: null, value: answer.subarray(10), offset: "1" };
  expect(holdRecords([message])).toBe(99_990);
  expect(message.value!.buffer).toBe(answer.buffer);
  expect(holdRecords([])).toBe(0);
});
