/**
 * Texts, numbered from 0. The oldest ones make room for new ones. They are kept as bytes in one block: with ten thousand strings that
 * each live for a moment, the garbage collector would take more time than all other work on the changes.
 */
export class ByteRing {
  private readonly bytes: Buffer;
  /** Where text n begins in the block, at n % length. */
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  private first = 0;
  private next = 0;
  /** Where the next text goes. */
  private tail = 0;
  /** The newest text when it is larger than the block; then it is the only one. */
  private huge: string | undefined;

  constructor(
    private readonly maxTexts: number,
    maxBytes: number,
  ) {
    this.bytes = Buffer.allocUnsafeSlow(maxBytes);
    this.starts = new Float64Array(maxTexts);
    this.ends = new Float64Array(maxTexts);
  }

  /** @returns the number of the oldest text that is still there */
  add(text: string): number {
    if (this.huge !== undefined) this.first = this.next;
    this.huge = undefined;
    if (this.next - this.first === this.maxTexts) this.first++;
    let written = this.write(text, this.tail);
    if (written === undefined) {
      // The texts from here to the block's end are of the round before, and older than all those before them in the block.
      while (this.first < this.next && this.start(this.first) >= this.tail) this.first++;
      this.tail = 0;
      written = this.write(text, 0);
    }
    if (written === undefined) {
      this.huge = text;
      this.first = this.next;
      written = 0;
    }
    const end = this.tail + written;
    while (this.first < this.next && this.start(this.first) < end && this.end(this.first) > this.tail) this.first++;
    this.starts[this.next % this.maxTexts] = this.tail;
    this.ends[this.next % this.maxTexts] = end;
    this.tail = end;
    this.next++;
    return this.first;
  }

  /** @param n number of a text that is still there */
  get(n: number): string {
    if (this.huge !== undefined && n === this.next - 1) return this.huge;
    return this.bytes.toString("utf8", this.start(n), this.end(n));
  }

  /** @returns how many bytes were written; undefined when the text does not fit */
  private write(text: string, at: number): number | undefined {
    const room = this.bytes.length - at;
    if (text.length > room) return undefined;
    const written = this.bytes.write(text, at);
    // A text that was cut leaves less room than one character may take.
    return room - written >= 4 || Buffer.byteLength(text) === written ? written : undefined;
  }

  private start(n: number): number {
    return this.starts[n % this.maxTexts]!;
  }

  private end(n: number): number {
    return this.ends[n % this.maxTexts]!;
  }
}
