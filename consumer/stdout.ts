/**
 * A write to the standard output that has ended when it returns. For a pipe, as Docker gives, `process.stdout` keeps in memory,
 * without bound, what the reader has not taken yet. A crash would lose that after the offsets were committed. With this write, a
 * slow reader slows the stream down.
 */
import { writeSync } from "node:fs";

const PAUSE_MS = 1;
/** One buffer for all writes. The lines that the delivery collects fit into it. */
const BUFFER = Buffer.allocUnsafeSlow(128 * 1024);
const MOST_BYTES_A_CHARACTER = 3;

/** `write` is writeSync but for tests. Throws what it throws, for example EPIPE when the reader has gone. */
export function blockingWriter(
  fd: number,
  write: (fd: number, bytes: Uint8Array, offset: number) => number = writeSync,
): (text: string) => void {
  return (text) => {
    const fits = text.length * MOST_BYTES_A_CHARACTER <= BUFFER.length;
    const bytes = fits ? BUFFER.subarray(0, BUFFER.write(text)) : Buffer.from(text);
    let written = 0;
    while (written < bytes.length) {
      try {
        written += write(fd, bytes, written);
      } catch (error) {
        // The pipe is full and was made non-blocking by someone who shares it.
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      }
    }
  };
}
