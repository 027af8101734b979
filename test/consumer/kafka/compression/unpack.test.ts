import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { CompressionTypes } from "kafkajs";
import { compress as lz4 } from "lz4js";
import { compress as snappy } from "snappyjs";
import { unpack } from "../../../../consumer/kafka/compression/codecs";
import { unpackLz4 } from "../../../../consumer/kafka/compression/lz4";
import { unpackSnappy } from "../../../../consumer/kafka/compression/snappy";
import { mayPass } from "../../../../consumer/kafka/passing-errors";
import { batchOf } from "./batches";

/** Texts that compress: near and far repeats, runs of one byte, and noise. */
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.record({ byte: fc.nat(255), length: fc.nat(300) }).map(({ byte, length }) => Buffer.alloc(length, byte)),
      fc.constantFrom("update", "public.customers", '{"before":null,"after":').map((text) => Buffer.from(text)),
      fc.integer({ min: 60_000, max: 70_000 }).map((length) => Buffer.alloc(length, "a repeat ")),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts));

/** Snappy as the Java library writes it, in blocks of 32 KB. */
function framed(plain: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from("82534e41505059000000000100000001", "hex")];
  for (let at = 0; at < plain.length; at += 32 << 10) {
    const block = snappy(plain.subarray(at, at + (32 << 10)));
    const size = Buffer.alloc(4);
    size.writeUInt32BE(block.length);
    parts.push(size, block);
  }
  return Buffer.concat(parts);
}

test.each([
  ["LZ4", unpackLz4, (plain: Buffer) => Buffer.from(lz4(plain))],
  ["plain Snappy", unpackSnappy, (plain: Buffer) => snappy(plain)],
  ["framed Snappy", unpackSnappy, framed],
])("%s gives back what another library packed", (_codec, unpackIt, pack) => {
  fc.assert(
    fc.property(bytes, (plain) => {
      expect(unpackIt(pack(plain)).equals(plain)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

/** The compressed part of batches of Kafka 3.9.2's own client: see batches.ts. */
test.each(["gzip", "snappy", "lz4", "zstd"] as const)("%s gives back what Kafka's client packed", (name) => {
  const { codec, packed, records } = batchOf(name);
  expect(unpack(codec, packed).length).toBe(records);
});

test("LZ4 of more than 32 MB gives back what was packed, though it might have unpacked to more than is allowed", () => {
  const size = 33 << 20;
  const notPacked = Buffer.alloc(4);
  notPacked.writeUInt32LE((0x80000000 | size) >>> 0);
  const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0]);
  const packed = Buffer.concat([head, notPacked, Buffer.alloc(size, "x"), Buffer.alloc(4)]);
  expect(unpack(CompressionTypes.LZ4, packed).length).toBe(size);
});

test("a batch that cannot be read is an error that does not pass, so that it ends the process and is not tried for ever", () => {
  const failure = (): unknown => {
    try {
      return unpack(CompressionTypes.LZ4, Buffer.alloc(8));
    } catch (error) {
      return error;
    }
  };
  const error = failure();
  expect(error).toMatchObject({ retriable: false });
  expect(mayPass(error)).toBe(false);
});

describe("wrong bytes give an error, and take no memory", () => {
  const zstd = (...head: number[]) => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...head]);

  test.each([
    [
      "Snappy that claims 4 GB",
      CompressionTypes.Snappy,
      [0xff, 0xff, 0xff, 0xff, 0x0f],
      "it unpacks to more than 128 MB",
    ],
    ["Snappy that repeats nothing", CompressionTypes.Snappy, [4, 0x01, 1], "it repeats what is not there"],
    ["Snappy that is cut", CompressionTypes.Snappy, [4, 12, 65], "it ends within a block"],
    ["Snappy that is too short", CompressionTypes.Snappy, [4, 0, 65], "it is not of the size that it says"],
    ["no LZ4", CompressionTypes.LZ4, [1, 2, 3, 4, 5, 6, 7, 8], "it is no LZ4 frame"],
  ])("%s", (_what, codec, bytes, reason) => {
    expect(() => unpack(codec, Buffer.from(bytes))).toThrow(reason);
  });

  test("LZ4 that repeats one byte for ever", () => {
    const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0, 0, 0, 0, 0]);
    const block = Buffer.concat([Buffer.from([0x1f, 65, 1, 0]), Buffer.alloc(600_000, 255), Buffer.from([0])]);
    head.writeUInt32LE(block.length, 7);
    expect(() => unpack(CompressionTypes.LZ4, Buffer.concat([head, block]))).toThrow("it unpacks to more than 128 MB");
  });

  test.each([
    ["a content of 1 TB", zstd(0xc0, 0x00, 0, 0, 0, 0, 0, 1, 0, 0), "it unpacks to more than 128 MB"],
    ["a window of 1 GB", zstd(0x00, 0xa0), "it unpacks to more than 128 MB"],
    ["another format", Buffer.from("no zstd at all"), "it is no Zstandard frame"],
  ])("Zstandard of %s", (_what, packed, reason) => {
    expect(() => unpack(CompressionTypes.ZSTD, packed)).toThrow(
      `a batch of records compressed with zstd cannot be read: ${reason}`,
    );
  });

  test("a batch that was cut anywhere", () => {
    for (const name of ["gzip", "snappy", "lz4", "zstd"] as const) {
      const { codec, packed, records } = batchOf(name);
      for (let end = 0; end < packed.length - 8; end += 97) {
        const cut = () => unpack(codec, packed.subarray(0, end));
        try {
          // Framed Snappy that ends between two blocks looks like a shorter text: its records are missed later.
          expect(cut().length).toBeLessThan(records);
        } catch (error) {
          expect((error as Error).message).toMatch(/^a batch of records compressed with \w+ cannot be read: /);
        }
      }
    }
  });
});
