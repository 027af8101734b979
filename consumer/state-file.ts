/** A small JSON file that is written often. It stays when the process is killed. */
import { closeSync, constants, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface StateFile {
  /** What an earlier process wrote last; null when there is nothing, or when a crash cut the last write short. */
  readonly left: unknown;
  save(state: object): void;
}

/** @param failed is called once when the file cannot be written; nothing is kept then */
export function openStateFile(file: string, failed: (reason: string) => void): StateFile {
  const left = read(file);
  let descriptor: number | undefined;
  let longest = 0;
  try {
    mkdirSync(dirname(file), { recursive: true });
    // Not emptied: a process that is killed before its first save leaves what it has found to the next one.
    descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT | (left === null ? constants.O_TRUNC : 0));
    longest = fstatSync(descriptor).size;
  } catch (error) {
    failed((error as Error).message);
  }
  return {
    left,
    // One small write without a sync. The kernel keeps it when the process is killed; only a machine that loses power loses it.
    // Spaces cover the end of an older, longer text.
    save(state) {
      if (descriptor === undefined) return;
      const text = Buffer.from(JSON.stringify(state));
      const bytes = Buffer.concat([text, Buffer.alloc(Math.max(longest - text.length, 0), " ")]);
      longest = bytes.length;
      try {
        // A disk that fills up takes a part of the text, and fails at the next write.
        if (writeSync(descriptor, bytes, 0, bytes.length, 0) < bytes.length)
          throw new Error(`${file}: the disk is full`);
      } catch (error) {
        empty(descriptor);
        descriptor = undefined;
        failed((error as Error).message);
      }
    },
  };
}

/** What stays in the file would be taken for the present state by the next process. Cutting it off needs no room on the disk. */
function empty(descriptor: number): void {
  try {
    ftruncateSync(descriptor, 0);
    closeSync(descriptor);
  } catch {
    // The disk takes nothing at all. A text that was cut short counts for nothing.
  }
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch {
    return null;
  }
}
