/** A small JSON file that is written often, and that a killed process leaves behind. */
import { mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface StateFile {
  /** What an earlier life wrote last; null where there is none, or it was cut short by a crash in the middle of a write. */
  readonly left: unknown;
  save(state: object): void;
}

/** @param failed told once when the file cannot be written; nothing is remembered then */
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
    // One small write without a sync: a killed process leaves it to the kernel, and only a killed machine loses it.
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
