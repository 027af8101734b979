/**
 * Batches of records that Kafka 3.9.2's Java client wrote with each `compression.type`, by its `MemoryRecordsBuilder`. Each has three records: the
 * first has 105,000 bytes that repeat, the others have numbers that do not.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type CodecName = "gzip" | "snappy" | "lz4" | "zstd";

/** Position of the records in a batch, after its header. */
const RECORDS_AT = 61;
const ATTRIBUTES_AT = 21;
const NUMBER_AT = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

/** The whole batch, the codec's number, the compressed records, and their number of bytes when unpacked. */
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
