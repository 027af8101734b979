/**
 * Snappy (format_description.txt), in both forms that Kafka's producers write: in the frames of the Java library
 * snappy-java (`SnappyOutputStream`), and plain, as librdkafka writes it.
 */
import { Unpacked, withinBounds } from "./unpacked";

const FRAMED = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** The magic bytes, a version, and the oldest version that can read it. */
const FRAMED_HEAD = 16;

/** @throws Error when the bytes are no Snappy, are cut, or unpack to too much */
export function unpackSnappy(packed: Buffer): Buffer {
  if (!packed.subarray(0, FRAMED.length).equals(FRAMED)) {
    const to = new Unpacked(declaredSize(packed).size);
    block(packed, to);
    return to.bytes();
  }
  const to = new Unpacked(2 * packed.length);
  for (let at = FRAMED_HEAD; at < packed.length;) {
    const end = at + 4 + packed.readUInt32BE(at);
    if (end > packed.length) throw new Error("it ends within a block");
    block(packed.subarray(at + 4, end), to);
    at = end;
  }
  return to.bytes();
}

/** Seven bits a byte, the lowest first. */
function declaredSize(from: Buffer): { size: number; at: number } {
  let size = 0;
  let at = 0;
  let byte;
  do {
    byte = from.readUInt8(at);
    size += (byte & 0x7f) * 2 ** (7 * at++);
  } while (byte >= 0x80);
  return { size: withinBounds(size), at };
}

function block(from: Buffer, to: Unpacked): void {
  const { size, at: start } = declaredSize(from);
  const end = to.size + size;
  for (let at = start; at < from.length;) {
    const tag = from[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      // A length of up to 60 bytes is in the tag, a larger one in the one to four bytes that follow.
      const wide = Math.max((tag >> 2) - 59, 0);
      const count = 1 + (wide === 0 ? tag >> 2 : from.readUIntLE(at, wide));
      at += wide;
      to.literal(from, at, count);
      at += count;
    } else if (kind === 1) {
      to.repeat(((tag >> 5) << 8) | from.readUInt8(at), 4 + ((tag >> 2) & 7));
      at += 1;
    } else {
      const wide = kind === 2 ? 2 : 4;
      to.repeat(from.readUIntLE(at, wide), 1 + (tag >> 2));
      at += wide;
    }
  }
  if (to.size !== end) throw new Error("it is not of the size that it says");
}
