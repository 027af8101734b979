/** Thrown for an unusual answer, which is left to kafkajs's decoder. */
export const UNUSUAL = new Error("left to kafkajs");

/** Reads values of Kafka's wire types, one after the other. */
export class WireReader {
  constructor(
    readonly buffer: Buffer,
    public at = 0,
  ) {}

  int8(): number {
    return this.buffer.readInt8(this.at++);
  }

  int16(): number {
    return this.buffer.readInt16BE((this.at += 2) - 2);
  }

  int32(): number {
    return this.buffer.readInt32BE((this.at += 4) - 4);
  }

  int64(): string {
    return this.buffer.readBigInt64BE((this.at += 8) - 8).toString();
  }

  number64(): number {
    const number = Number(this.buffer.readBigInt64BE((this.at += 8) - 8));
    if (!Number.isSafeInteger(number)) throw UNUSUAL;
    return number;
  }

  /** Seven bits a byte, the lowest first; the sign in the lowest bit. */
  varint(): number {
    const { buffer } = this;
    let byte = buffer[this.at++]!;
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let number = byte & 0x7f;
    for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
      byte = buffer[this.at++]!;
      number += (byte & 0x7f) * factor;
    }
    if (!(number <= Number.MAX_SAFE_INTEGER)) throw UNUSUAL;
    return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
  }

  /** Bytes after their length; null for the length -1. */
  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    return this.buffer.subarray(this.at, (this.at += length));
  }

  skipBytes(): void {
    const length = this.varint();
    if (length > 0) this.at += length;
  }

  text(): string {
    const length = this.int16();
    return this.buffer.toString("utf8", this.at, (this.at += length));
  }

  array<T>(item: () => T): T[] {
    return Array.from({ length: Math.max(this.int32(), 0) }, item);
  }
}
