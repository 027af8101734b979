/** A small JSON file that is written often. It stays when the process is killed. */
import { mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
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
  try {
    mkdirSync(dirname(file), { recursive: true });
    descriptor = openSync(file, "w");
  } catch (error) {
    failed((error as Error).message);
  }
  let longest = 0;
  return {
    left,
    // One small write without a sync. The kernel keeps it when the process is killed; only a machine that loses power loses it.
    // Spaces cover the end of an older, longer text.
    save(state) {
      if (descriptor === undefined) return;
      const text = JSON.stringify(state).padEnd(longest);
      longest = text.length;
      writeSync(descriptor, text, 0);
    },
  };
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch {
    return null;
  }
}
