/** How the records of a batch may be compressed: Kafka's five `compression.type`s. */
import { gunzipSync } from "node:zlib";
import { CompressionCodecs, CompressionTypes, KafkaJSNonRetriableError } from "kafkajs";
import { unpackLz4 } from "./lz4";
import { unpackSnappy } from "./snappy";
import { LARGEST_BATCH } from "./unpacked";
import { unpackZstd } from "./zstd";

interface Codec {
  name: string;
  unpack(packed: Buffer): Buffer;
}

/** By their numbers in a batch's attributes. */
const CODECS: { [codec: number]: Codec | undefined } = {
  [CompressionTypes.GZIP]: { name: "gzip", unpack: (packed) => gunzipSync(packed, { maxOutputLength: LARGEST_BATCH }) },
  [CompressionTypes.Snappy]: { name: "snappy", unpack: unpackSnappy },
  [CompressionTypes.LZ4]: { name: "lz4", unpack: unpackLz4 },
  [CompressionTypes.ZSTD]: { name: "zstd", unpack: unpackZstd },
};

/**
 * @throws Error that names the codec and what is wrong with the bytes. kafkajs does not retry one of this class: it would take each other error for
 * one that passes, and join the group again for ever
 */
export function unpack(codec: number, packed: Buffer): Buffer {
  const { name, unpack } = CODECS[codec] ?? { name: `codec ${codec}`, unpack: unknownCodec };
  try {
    return unpack(packed);
  } catch (error) {
    const reason = (error as Error).message;
    throw new KafkaJSNonRetriableError(`a batch of records compressed with ${name} cannot be read: ${reason}`);
  }
}

function unknownCodec(): never {
  throw new Error("it is none of gzip, snappy, lz4, zstd");
}

/** Adds the other codecs to kafkajs, which has gzip only, for batches that are left to its decoder. Nothing here compresses. */
export function teachCodecs(): void {
  for (const codec of [CompressionTypes.Snappy, CompressionTypes.LZ4, CompressionTypes.ZSTD] as const) {
    CompressionCodecs[codec] = () => ({ decompress: async (packed: Buffer) => unpack(codec, packed) });
  }
}
