/** Zstandard (RFC 8878). Kafka's producers leave the content's size out, so the limit is checked against the sizes of the blocks. */
import { decompress } from "fzstd";
import { withinBounds } from "./unpacked";

const MAGIC = 0xfd2fb528;
const LARGEST_BLOCK = 128 << 10;
const RAW = 0;
const RLE = 1;

/** @throws Error when the bytes are no Zstandard frame, are cut, or unpack to too much */
export function unpackZstd(packed: Buffer): Buffer {
  checkSizes(packed);
  const { buffer, byteOffset, length } = decompress(packed);
  return Buffer.from(buffer, byteOffset, length);
}

/** Checks all declared sizes first: the library allocates what the frame's header declares before it reads on. */
function checkSizes(packed: Buffer): void {
  if (packed.readUInt32LE(0) !== MAGIC) throw new Error("it is no Zstandard frame");
  const descriptor = packed.readUInt8(4);
  const oneSegment = (descriptor & 0x20) !== 0;
  let at = 5;
  if (!oneSegment) withinBounds(windowSize(packed.readUInt8(at++)));
  at += [0, 1, 2, 4][descriptor & 3]!;
  const sizeBytes = [oneSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  if (sizeBytes === 8) withinBounds(Number(packed.readBigUInt64LE(at)));
  else if (sizeBytes > 0) withinBounds(packed.readUIntLE(at, sizeBytes));
  at += sizeBytes;
  let most = 0;
  for (let last = false; !last;) {
    const head = packed.readUIntLE(at, 3);
    const size = head >> 3;
    const kind = (head >> 1) & 3;
    last = (head & 1) === 1;
    most = withinBounds(most + (kind === RAW || kind === RLE ? size : LARGEST_BLOCK));
    at += 3 + (kind === RLE ? 1 : size);
  }
}

function windowSize(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}
