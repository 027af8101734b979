import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { teachCodecs } from "../../../../consumer/kafka/compression/codecs";
import { type FetchResponse, decodeFetchResponse } from "../../../../consumer/kafka/internals/fetch-response";
import { VALUES, batchOf } from "../compression/batches";

/** kafkajs's own encoder: its output is what a broker would send. */
interface Encoder {
  buffer: Buffer;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeInt64(value: bigint | number): Encoder;
  writeString(value: string): Encoder;
  writeBuffer(value: Buffer): Encoder;
}
const kafkajs = <T>(path: string): T => jest.requireActual<T>(`kafkajs/src/${path}`);
const theirs = kafkajs<{ decode(raw: Buffer): Promise<unknown> }>("protocol/requests/fetch/v11/response");
const Encoder = kafkajs<new () => Encoder>("protocol/encoder");
const Record = kafkajs<(record: object) => object>("protocol/recordBatch/record/v0");
const { RecordBatch } = kafkajs<{ RecordBatch(batch: object): Promise<Encoder> }>("protocol/recordBatch/v0");

interface Batch {
  records: object[];
  more: object;
}

/** The number of a batch's bytes that kafkajs needs to know the format. With fewer, it fails. */
const KAFKAJS_NEEDS = 17;

/** One partition's answer. `cut` bytes are missing at its end. */
async function response(batches: Batch[], cut = 0): Promise<Buffer> {
  const encoded = await Promise.all(
    batches.map(({ records, more }) =>
      RecordBatch({
        ...{ firstOffset: 5_000_000_000, firstTimestamp: 1_767_225_600_123, maxTimestamp: 1_767_225_601_000 },
        records: records.map((record, i) => Record({ offsetDelta: i, ...record })),
        lastOffsetDelta: records.length - 1,
        ...more,
      }),
    ),
  );
  const whole = Buffer.concat(encoded.map(({ buffer }) => buffer));
  return answerOf(whole.subarray(0, Math.max(KAFKAJS_NEEDS, whole.length - cut)));
}

/** One partition's answer with these batches. */
function answerOf(messages: Buffer): Buffer {
  const head = new Encoder()
    .writeInt32(7)
    .writeInt16(0)
    .writeInt32(9)
    .writeInt32(1)
    .writeString("a.topic")
    .writeInt32(1);
  const partition = head.writeInt32(3).writeInt16(0).writeInt64(9_007_199_254_740_993n).writeInt64(12).writeInt64(0);
  const aborted = partition.writeInt32(1).writeInt64(4000).writeInt64(17).writeInt32(-1);
  return aborted.writeInt32(messages.length).writeBuffer(messages).buffer;
}

/** The record's parts, which it makes when they are read. */
function asked(answer: FetchResponse | undefined): unknown {
  const responses = answer?.responses.map((response) => ({
    ...response,
    partitions: response.partitions.map((partition) => ({
      ...partition,
      messages: partition.messages.map((record) => {
        const { magicByte, attributes, timestamp, offset, key, value, headers, isControlRecord, batchContext } = record;
        return { magicByte, attributes, timestamp, offset, key, value, headers, isControlRecord, batchContext };
      }),
    })),
  }));
  return { ...answer, responses };
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const header = fc.oneof(bytes, fc.array(bytes, { minLength: 2, maxLength: 3 }));
/** Names of headers. For a name that each object has, such as `constructor`, kafkajs adds the object's own value. */
const name = fc.string({ minLength: 1 }).filter((word) => !(word in {}));
const record = fc.record({
  timestampDelta: fc.oneof(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(name, header, { noNullPrototype: true }),
});
const more = fc.record({
  transactional: fc.boolean(),
  producerId: fc.constantFrom(-1, 4000),
  producerEpoch: fc.nat(100),
  firstSequence: fc.nat(),
  /** No compression, and gzip. */
  compression: fc.constantFrom(0, 1),
});
const batch = fc.record({ records: fc.array(record, { minLength: 1, maxLength: 5 }), more });

describe("an answer to a fetch", () => {
  test("is decoded to what kafkajs makes of it, also when its last batch is cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 3 }), fc.nat(400), async (batches, cut) => {
        const raw = await response(batches, cut);
        expect(asked(decodeFetchResponse(raw))).toEqual(await theirs.decode(raw));
      }),
    );
  });

  test.each(["constructor", "toString", "__proto__"])("has a header that is called %s as it is", async (called) => {
    const value = Buffer.from("its value");
    const headers = Object.fromEntries([[called, value]]);
    const raw = await response([{ records: [{ value: Buffer.from("a"), headers }], more: {} }]);
    const [found] = decodeFetchResponse(raw)!.responses[0]!.partitions[0]!.messages;
    expect(Object.entries(found!.headers)).toEqual([[called, value]]);
  });

  test.each(["gzip", "snappy", "lz4", "zstd"] as const)("that Kafka's client packed with %s is read", async (name) => {
    teachCodecs();
    const raw = answerOf(batchOf(name).whole);
    const answer = decodeFetchResponse(raw);
    const records = answer!.responses[0]!.partitions[0]!.messages;
    expect(records.map(({ offset, key }) => [offset, String(key)])).toEqual([
      ["7", '{"id":0}'],
      ["8", '{"id":1}'],
      ["9", '{"id":2}'],
    ]);
    expect(records.map(({ value }) => String(value))).toEqual(VALUES);
    expect(asked(answer)).toEqual(await theirs.decode(raw));
  });

  test("leaves out what would unpack to too much, but for its first batch", () => {
    const raw = answerOf(Buffer.concat([batchOf("zstd").whole, batchOf("lz4").whole, batchOf("gzip").whole]));
    const read = (unpackedAtOnce: number) =>
      decodeFetchResponse(raw, unpackedAtOnce)!.responses[0]!.partitions[0]!.messages.length;
    expect([read(1), read(200_000), read(1_000_000)]).toEqual([3, 6, 9]);
  });

  test("is left to kafkajs when it has offsets beyond 2^53", async () => {
    const raw = await response([{ records: [{ value: Buffer.from("a") }], more: { firstOffset: 2n ** 60n } }]);
    expect(decodeFetchResponse(raw)).toBeUndefined();
    await expect(theirs.decode(raw)).resolves.toBeDefined();
  });

  test("is an error that names codec and reason when its records cannot be unpacked", async () => {
    teachCodecs();
    const raw = answerOf(batchOf("zstd").whole);
    raw.fill(0, raw.length - batchOf("zstd").packed.length);
    expect(decodeFetchResponse(raw)).toBeUndefined();
    await expect(theirs.decode(raw)).rejects.toThrow(
      "a batch of records compressed with zstd cannot be read: it is no Zstandard frame",
    );
  });

  test("that makes no sense is left to kafkajs", async () => {
    const raw = await response([{ records: [{ value: Buffer.from("abc") }], more: {} }]);
    expect(decodeFetchResponse(raw.subarray(0, 40))).toBeUndefined();
    // A record that claims to be longer than its batch.
    raw[raw.length - 5] = 0x7e;
    expect(decodeFetchResponse(raw)).toBeUndefined();
  });
});
