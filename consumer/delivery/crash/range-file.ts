/** Keeps the records at hand in a small file, which tells after a crash what may have caused it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openStateFile } from "../../state-file";
import { fileWord } from "./offset-file";
import type { RangesByPartition, RangeStore } from "./poison";

interface Kept {
  program: string;
  ranges: RangesByPartition;
}

/**
 * A store that forgets what another version of the program had at hand, since that version may have mended the fault.
 *
 * @param program the file that runs
 * @param warn told once when the file cannot be used; the store then forgets
 */
export function rangeFile(
  directory: string,
  groupId: string,
  program: string,
  warn: (message: string) => void,
): RangeStore {
  const file = openStateFile(join(directory, `at-hand-${fileWord(groupId)}.json`), (reason) =>
    warn(`records that end the process cannot be found: ${reason}`),
  );
  const word = hashOf(program);
  const left = file.left as Partial<Kept> | null;
  return {
    load: () => (left?.program === word ? (left.ranges ?? {}) : {}),
    save: (ranges) => file.save({ program: word, ranges } satisfies Kept),
  };
}

/** For a process that may not write. */
export const noRanges: RangeStore = { load: () => ({}), save: () => undefined };

function hashOf(file: string): string {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
  } catch {
    return "";
  }
}
