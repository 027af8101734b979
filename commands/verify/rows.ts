/** Rows of one side, as hashes of one length in a file: ten million of them need no memory. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import type { Canon } from "./forms";

/** What a row of the file says. `set` a key's row, or one row more; `drop` it, or one row less; `clear` all before it. */
export type Kind = "set" | "drop" | "clear";
const KINDS: readonly Kind[] = ["set", "drop", "clear"];

export const KEY_BYTES = 16;
const HASH_BYTES = 8;
const UNTOLD = "\0".repeat(HASH_BYTES);
const OFFSET_BYTES = 6;
const BUFFERED = 1 << 18;

export interface Row {
  kind: Kind;
  /** Of the key; of the whole row where there is none. */
  key: Buffer;
  /** Of the whole row, or of each column where one may be left out: zeros are a column that is not told. */
  hashes: Buffer;
  /** In the topic's partition; 0 of the database. */
  offset: number;
}

/** Of each column where parts may be missing, else one of all. */
export function hashesOf(values: readonly (Canon | undefined)[], byColumn: boolean): Buffer {
  if (!byColumn) return hash(JSON.stringify(values)).subarray(0, HASH_BYTES);
  return Buffer.concat(
    values.map((value) =>
      value === undefined ? Buffer.alloc(HASH_BYTES) : hash(JSON.stringify(value)).subarray(0, HASH_BYTES),
    ),
  );
}

export function keyOf(values: readonly (Canon | undefined)[]): Buffer {
  return hash(JSON.stringify(values));
}

function hash(text: string): Buffer {
  return createHash("md5").update(text).digest();
}

/** The hashes as a text, a character for each byte, with what is not told taken from another row's. */
export function filledFrom(hashes: Buffer, earlier: string | undefined): string {
  const own = hashes.toString("latin1");
  if (earlier === undefined || !own.includes(UNTOLD)) return own;
  let filled = "";
  for (let at = 0; at < own.length; at += HASH_BYTES) {
    const one = own.slice(at, at + HASH_BYTES);
    filled += one === UNTOLD ? earlier.slice(at, at + HASH_BYTES) : one;
  }
  return filled;
}

/** Rows in the order in which they were put. */
export class RowFile {
  private readonly file: number;
  private readonly buffer: Buffer;
  private filled = 0;
  private readonly length: number;
  rows = 0;

  /** @param hashes how many a row has */
  constructor(
    private readonly path: string,
    private readonly hashes: number,
  ) {
    this.length = 1 + KEY_BYTES + OFFSET_BYTES + hashes * HASH_BYTES;
    this.file = openSync(path, "w+");
    this.buffer = Buffer.alloc(Math.max(this.length, BUFFERED - (BUFFERED % this.length)));
  }

  put({ kind, key, hashes, offset }: Row): void {
    if (this.filled === this.buffer.length) this.flush();
    this.buffer[this.filled] = KINDS.indexOf(kind);
    key.copy(this.buffer, this.filled + 1);
    this.buffer.writeUIntLE(offset, this.filled + 1 + KEY_BYTES, OFFSET_BYTES);
    hashes.copy(this.buffer, this.filled + 1 + KEY_BYTES + OFFSET_BYTES);
    this.filled += this.length;
    this.rows++;
  }

  get bytes(): number {
    return this.rows * this.length;
  }

  /**
   * The rows of one part of all, and every `clear`; each is to be used before the next is asked for. All rows of a key are in
   * one part, and rows of other parts cost next to nothing: nothing is made of them.
   */
  *rowsOf(part: number, parts: number): Generator<Row> {
    this.flush();
    const chunk = Buffer.alloc(this.buffer.length);
    for (let position = 0; ;) {
      const read = readSync(this.file, chunk, 0, chunk.length, position);
      if (read === 0) return;
      position += read;
      for (let at = 0; at < read; at += this.length) {
        const kind = KINDS[chunk[at]!]!;
        if (kind !== "clear" && chunk.readUInt32LE(at + 1) % parts !== part) continue;
        const hashes = at + 1 + KEY_BYTES + OFFSET_BYTES;
        yield {
          kind,
          key: chunk.subarray(at + 1, at + 1 + KEY_BYTES),
          offset: chunk.readUIntLE(at + 1 + KEY_BYTES, OFFSET_BYTES),
          hashes: chunk.subarray(hashes, hashes + this.hashes * HASH_BYTES),
        };
      }
    }
  }

  remove(): void {
    closeSync(this.file);
    rmSync(this.path, { force: true });
  }

  private flush(): void {
    writeSync(this.file, this.buffer, 0, this.filled);
    this.filled = 0;
  }
}
