/**
 * LZ4's frame format (lz4_Frame_format.md, 1.6) and its blocks (lz4_Block_format.md), as Kafka's producers write them.
 * Checksums are not looked at, as kafkajs does not look at the batch's own.
 */
import { Unpacked } from "./unpacked";

const MAGIC = 0x184d2204;
const VERSION = 0xc0;
const VERSION_1 = 0x40;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const DICTIONARY = 0x01;
const NOT_PACKED = 0x80000000;
const SHORTEST_REPEAT = 4;

/** @throws Error when the bytes are no LZ4 frames, are cut, or unpack to too much */
export function unpackLz4(packed: Buffer): Buffer {
  const to = new Unpacked(4 * packed.length);
  for (let at = 0; at < packed.length;) at = frame(packed, at, to);
  return to.bytes();
}

/** Unpacks one frame. @returns where the next one begins */
function frame(from: Buffer, start: number, to: Unpacked): number {
  if (from.readUInt32LE(start) !== MAGIC) throw new Error("it is no LZ4 frame");
  const flags = from.readUInt8(start + 4);
  if ((flags & VERSION) !== VERSION_1 || (flags & DICTIONARY) !== 0) {
    throw new Error("it is an LZ4 frame of another version or with a dictionary");
  }
  // Magic, flags, block size and the descriptor's checksum.
  let at = start + 7 + ((flags & CONTENT_SIZE) !== 0 ? 8 : 0);
  for (;;) {
    const head = from.readUInt32LE(at);
    at += 4;
    if (head === 0) return at + ((flags & CONTENT_CHECKSUM) !== 0 ? 4 : 0);
    const size = head & ~NOT_PACKED;
    if (head >= NOT_PACKED) to.literal(from, at, size);
    else block(from, at, at + size, to);
    at += size + ((flags & BLOCK_CHECKSUM) !== 0 ? 4 : 0);
  }
}

/** Sequences of a literal and a repeat; the last one has no repeat. */
function block(from: Buffer, start: number, end: number, to: Unpacked): void {
  if (end > from.length) throw new Error("it ends within a block");
  let at = start;
  const length = (nibble: number): number => {
    if (nibble < 15) return nibble;
    let sum = nibble;
    let byte;
    do sum += byte = from.readUInt8(at++);
    while (byte === 255);
    return sum;
  };
  while (at < end) {
    const token = from[at++]!;
    const literal = length(token >> 4);
    to.literal(from, at, literal);
    at += literal;
    if (at >= end) return;
    const distance = from.readUInt16LE(at);
    at += 2;
    to.repeat(distance, length(token & 15) + SHORTEST_REPEAT);
  }
}
