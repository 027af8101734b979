/** Rows of one side on disk, in parts that are each read once. */
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { KEY_BYTES } from "./hashes";

/** `set`: a key's row, or one row more; `rewritten`: the same, last written by an ALTER TABLE; `drop`: no such row, or one less. */
export type Kind = "set" | "rewritten" | "drop";
const KINDS: readonly Kind[] = ["set", "rewritten", "drop"];

const OFFSET_BYTES = 6;
const HEAD_BYTES = 1 + KEY_BYTES + OFFSET_BYTES;
/** The partition and the place, which a file has where the topic has several partitions. */
const PARTITION_BYTES = 4;
const PLACE_BYTES = 16;

/** Bytes of a part's buffer: the most, and at first. */
const BLOCK_BYTES = 8 << 10;
const FIRST_BYTES = 256;

/** Rows of a part that are held in memory: some 60 MB for both sides. */
const PART_ROWS = 100_000;

export interface HashedRow {
  kind: Kind;
  /** Of the key; of the whole row where there is none. */
  key: Buffer;
  hashes: Buffer;
  /** 0 of the database. */
  partition: number;
  /** In the topic's partition; 0 of the database. */
  offset: number;
  /** In the order of all records of the topic, where it has several partitions; otherwise 0. */
  place: bigint;
}

const NO_PLACE = { partition: 0, place: 0n };

/** Pure: into how many parts that many rows go. An estimate may be far too low, so they are never few. */
export function partsFor(rows: number): number {
  return Math.min(4096, Math.max(64, Math.ceil(rows / PART_ROWS)));
}

/** Blocks of one part waiting to be written, and those that are. */
interface Part {
  buffer: Buffer;
  filled: number;
  /** Where its full blocks are in the file. */
  blocks: number[];
}

/**
 * One file, however many parts: each part fills a block of its own, which is appended when it is full. All rows of a key are in one
 * part, in the order in which they were put. Rows of several partitions are in the order of their places: partitions are read side by side, a long one longer.
 */
export class SpillFile {
  private readonly file: number;
  private readonly headBytes: number;
  private readonly length: number;
  private readonly blockBytes: number;
  private readonly all = new Map<number, Part>();
  private end = 0;
  /** Rows of that kind that were put. */
  rewritten = 0;

  /**
   * @param hashBytes of each row
   * @param parts the same for both sides
   * @param ofPartitions whether the rows are of several partitions
   */
  constructor(
    private readonly path: string,
    hashBytes: number,
    readonly parts: number,
    private readonly ofPartitions = false,
  ) {
    this.headBytes = HEAD_BYTES + (ofPartitions ? PARTITION_BYTES + PLACE_BYTES : 0);
    this.length = this.headBytes + hashBytes;
    this.blockBytes = Math.max(1, Math.floor(BLOCK_BYTES / this.length)) * this.length;
    this.file = openSync(path, "w+");
    // Without a name, the file goes with the process, even when that is killed. Windows keeps the name until the file is closed.
    if (process.platform !== "win32") rmSync(path);
  }

  put({ kind, key, hashes, partition, offset, place }: HashedRow): void {
    const part = this.partOf(key.readUInt32LE(0) % this.parts);
    const { buffer, filled: at } = part;
    buffer[at] = KINDS.indexOf(kind);
    key.copy(buffer, at + 1);
    buffer.writeUIntLE(offset, at + 1 + KEY_BYTES, OFFSET_BYTES);
    if (this.ofPartitions) {
      buffer.writeUInt32LE(partition, at + HEAD_BYTES);
      buffer.writeBigUInt64LE(place >> 64n, at + HEAD_BYTES + PARTITION_BYTES);
      buffer.writeBigUInt64LE(BigInt.asUintN(64, place), at + HEAD_BYTES + PARTITION_BYTES + 8);
    }
    hashes.copy(buffer, at + this.headBytes);
    part.filled += this.length;
    if (kind === "rewritten") this.rewritten++;
  }

  /** Forgets all rows. */
  clear(): void {
    this.all.clear();
    this.end = 0;
    this.rewritten = 0;
  }

  /** The rows of one part; each is to be used before the next is asked for. */
  rowsOf(part: number): Iterable<HashedRow> {
    if (!this.ofPartitions) return this.inOrderOfPut(part);
    // Rows with one place stay in the order in which they were put.
    return [...this.inOrderOfPut(part)].sort((one, other) =>
      one.place === other.place ? 0 : one.place < other.place ? -1 : 1,
    );
  }

  private *inOrderOfPut(part: number): Generator<HashedRow> {
    const held = this.all.get(part);
    if (held === undefined) return;
    let block = Buffer.alloc(this.blockBytes);
    for (const [at, position] of held.blocks.entries()) {
      // Rows that are put in order are all held at once.
      if (this.ofPartitions && at > 0) block = Buffer.alloc(this.blockBytes);
      readSync(this.file, block, 0, block.length, position);
      yield* this.rowsIn(block);
    }
    yield* this.rowsIn(held.buffer.subarray(0, held.filled));
  }

  remove(): void {
    closeSync(this.file);
    rmSync(this.path, { force: true });
  }

  private *rowsIn(block: Buffer): Generator<HashedRow> {
    for (let at = 0; at < block.length; at += this.length) {
      yield {
        kind: KINDS[block[at]!]!,
        key: block.subarray(at + 1, at + 1 + KEY_BYTES),
        offset: block.readUIntLE(at + 1 + KEY_BYTES, OFFSET_BYTES),
        ...this.placeIn(block, at + HEAD_BYTES),
        hashes: block.subarray(at + this.headBytes, at + this.length),
      };
    }
  }

  private placeIn(block: Buffer, at: number): Pick<HashedRow, "partition" | "place"> {
    if (!this.ofPartitions) return NO_PLACE;
    const [high, low] = [PARTITION_BYTES, PARTITION_BYTES + 8].map((from) => block.readBigUInt64LE(at + from));
    return { partition: block.readUInt32LE(at), place: (high! << 64n) | low! };
  }

  /** With room for one row. */
  private partOf(number: number): Part {
    let part = this.all.get(number);
    if (part === undefined) {
      const rows = Math.max(1, Math.floor(FIRST_BYTES / this.length));
      part = { buffer: Buffer.alloc(Math.min(this.blockBytes, rows * this.length)), filled: 0, blocks: [] };
      this.all.set(number, part);
    }
    if (part.filled < part.buffer.length) return part;
    if (part.buffer.length < this.blockBytes) {
      const larger = Buffer.alloc(Math.min(this.blockBytes, 2 * part.buffer.length));
      part.buffer.copy(larger);
      part.buffer = larger;
    } else {
      writeSync(this.file, part.buffer, 0, part.filled, this.end);
      part.blocks.push(this.end);
      this.end += part.filled;
      part.filled = 0;
    }
    return part;
  }
}
