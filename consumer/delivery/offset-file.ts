/** What was handled, in a small file, for counting duplicates after a crash. Losing it loses a count and nothing else. */
import { mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Done, DoneByPartition, OffsetStore } from "./duplicates";

/** `warn` is told once when the file cannot be used; the store then forgets. */
export function offsetFile(directory: string, groupId: string, warn: (message: string) => void): OffsetStore {
  const file = join(directory, `handled-${groupId.replace(/[^\w.-]/g, "_")}.json`);
  let descriptor: number | undefined;
  const load = (): DoneByPartition => {
    let known: DoneByPartition = {};
    try {
      known = parse(readFileSync(file, "utf8"));
    } catch {
      // Not there yet, or cut short by a crash in the middle of a write.
    }
    try {
      mkdirSync(directory, { recursive: true });
      descriptor = openSync(file, "w");
    } catch (error) {
      warn(`duplicates across a restart cannot be counted: ${(error as Error).message}`);
    }
    if (descriptor !== undefined && Object.keys(known).length > 0) save(known);
    return known;
  };
  let longest = 0;
  // One small write without a sync: a killed process leaves it to the kernel, and only a killed machine loses it.
  // Spaces cover the end of an older, longer text.
  const save = (done: DoneByPartition): void => {
    if (descriptor === undefined) return;
    const text = JSON.stringify(done).padEnd(longest);
    longest = text.length;
    writeSync(descriptor, text, 0);
  };
  return { load, save };
}

/** What an earlier version has left is offsets alone. */
function parse(text: string): DoneByPartition {
  const parsed = JSON.parse(text) as { [topicPartition: string]: number | Done } | null;
  const entries = Object.entries(parsed ?? {});
  return Object.fromEntries(
    entries.map(([name, done]) => [name, typeof done === "number" ? { offset: done, newest: "" } : done]),
  );
}

/** For a process that may not write. */
export const forgetful: OffsetStore = { load: () => ({}), save: () => undefined };
