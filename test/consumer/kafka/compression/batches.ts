/**
 * Batches of records as Kafka 3.9.2's Java client writes them with each `compression.type`, from its
 * `MemoryRecordsBuilder`: three records, the first of 105,000 bytes that repeat, the others of numbers that do not.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type CodecName = "gzip" | "snappy" | "lz4" | "zstd";

/** Where the records begin in a batch, after its head. */
const RECORDS_AT = 61;
const ATTRIBUTES_AT = 21;
const NUMBER_AT = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

/** The whole batch, its codec's number, its compressed records and how many bytes these are when unpacked. */
export function batchOf(name: CodecName): { whole: Buffer; codec: number; packed: Buffer; records: number } {
  const whole = readFileSync(join(__dirname, `${name}.bin`));
  const codec = whole.readInt16BE(ATTRIBUTES_AT) & 7;
  if (codec !== NUMBER_AT[name]) throw new Error(`${name}.bin is compressed with codec ${codec}`);
  return { whole, codec, packed: whole.subarray(RECORDS_AT), records: RECORDS_BYTES };
}

const RECORDS_BYTES = 120_154;

/** The values of its records. */
export const VALUES = [0, 1, 2].map((i) =>
  Array.from({ length: i === 0 ? 15_000 : 500 }, (_, n) => `row ${i === 0 ? 0 : n * n * 7919 * i}, `).join(""),
);
