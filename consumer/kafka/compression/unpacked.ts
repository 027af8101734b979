/** The most bytes that a batch may unpack to. Without a limit, a wrong size or block would take all the process's memory. */
export const LARGEST_BATCH = 128 << 20;

/** Below this a loop is faster than the call of a copy. */
const SHORT = 16;

/** The output of LZ4 and of Snappy: literal bytes, and repeats of earlier output. It throws when it would become too large. */
export class Unpacked {
  private buffer: Buffer;
  private length = 0;

  /** @param expected bytes of the output; it may become larger */
  constructor(expected: number) {
    this.buffer = Buffer.allocUnsafe(Math.max(Math.min(expected, LARGEST_BATCH), 1 << 10));
  }

  /** Appends `count` bytes of `from`, from `at` on. */
  literal(from: Buffer, at: number, count: number): void {
    if (at + count > from.length) throw new Error("it ends within a block");
    this.makeRoom(count);
    from.copy(this.buffer, this.length, at, at + count);
    this.length += count;
  }

  /** Appends `count` bytes of the output, from `distance` before its end on. A `count` above `distance` repeats bytes just appended. */
  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.length) throw new Error("it repeats what is not there");
    this.makeRoom(count);
    const { buffer, length } = this;
    const start = length - distance;
    if (count <= SHORT || distance < SHORT) {
      for (let i = 0; i < count; i++) buffer[length + i] = buffer[start + i]!;
    } else {
      for (let done = 0; done < count; done += distance) {
        buffer.copyWithin(length + done, start, start + Math.min(distance, count - done));
      }
    }
    this.length = length + count;
  }

  get size(): number {
    return this.length;
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private makeRoom(count: number): void {
    const needed = withinBounds(this.length + count);
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.min(Math.max(needed, 2 * this.buffer.length), LARGEST_BATCH));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** @throws when a batch may not unpack to this size */
export function withinBounds(size: number): number {
  if (size > LARGEST_BATCH) throw new Error(`it unpacks to more than ${LARGEST_BATCH >> 20} MB`);
  return size;
}
