/**
 * Texts, numbered from 0, of which the oldest make room for new ones. They lie as bytes in one block: ten thousand strings that
 * live for a moment each are what a garbage collector is worst at, and cost more than all else that is done with a change.
 */
export class ByteRing {
  private readonly bytes: Buffer;
  /** Of text n at n % length. */
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
      // What lies behind is of the round before, and older than all that the beginning of the block holds.
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

  /** Of a number that is still there. */
  get(n: number): string {
    if (this.huge !== undefined && n === this.next - 1) return this.huge;
    return this.bytes.toString("utf8", this.start(n), this.end(n));
  }

  /** @returns how many bytes; undefined when it does not fit */
  private write(text: string, at: number): number | undefined {
    const room = this.bytes.length - at;
    if (text.length > room) return undefined;
    const written = this.bytes.write(text, at);
    // A text that was cut leaves less room than a character takes.
    return room - written >= 4 || Buffer.byteLength(text) === written ? written : undefined;
  }

  private start(n: number): number {
    return this.starts[n % this.maxTexts]!;
  }

  private end(n: number): number {
    return this.ends[n % this.maxTexts]!;
  }
}
