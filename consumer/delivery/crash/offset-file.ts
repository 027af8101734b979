/** Keeps what was handled in a small file, to count duplicates after a crash. Its loss loses only that count. */
import { join } from "node:path";
import { openStateFile } from "../../state-file";
import type { Done, DoneByPartition, OffsetStore } from "./duplicates";

/** `warn` is called once when the file cannot be used. The store then keeps nothing. */
export function offsetFile(directory: string, groupId: string, warn: (message: string) => void): OffsetStore {
  const name = `handled-${fileWord(groupId)}.json`;
  const file = openStateFile(join(directory, name), (reason) =>
    warn(`duplicates across a restart cannot be counted: ${reason}`),
  );
  const known = parse(file.left);
  if (Object.keys(known).length > 0) file.save(known);
  return { load: () => known, save: (done) => file.save(done) };
}

/** A name as a part of a file's. */
export function fileWord(name: string): string {
  return name.replace(/[^\w.-]/g, "_");
}

/** What an earlier version has left is offsets alone. */
function parse(left: unknown): DoneByPartition {
  const entries = Object.entries((left ?? {}) as { [topicPartition: string]: number | Done });
  return Object.fromEntries(
    entries.map(([name, done]) => [name, typeof done === "number" ? { offset: done, newest: "" } : done]),
  );
}

/** For a process that may not write. */
export const forgetful: OffsetStore = { load: () => ({}), save: () => undefined };
