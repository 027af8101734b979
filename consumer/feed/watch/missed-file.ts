import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Missed } from "./slot-watch";

/** What is lost to a slot, in a small file. */
export function missedFile(
  directory: string | null,
  slotName: string,
): { load(): Missed | null; save(missed: Missed | null): void } {
  const file = join(directory ?? "", "missed.json");
  return {
    load() {
      try {
        const found = directory === null ? null : (JSON.parse(readFileSync(file, "utf8")) as Kept | null);
        return found?.slotName === slotName && typeof found.sentence === "string" ? found : null;
      } catch {
        // None was lost yet.
        return null;
      }
    },
    save(missed) {
      try {
        if (directory !== null) writeFileSync(file, JSON.stringify(missed && { slotName, ...missed }));
      } catch {
        // It is said for as long as the process lives.
      }
    },
  };
}

/** Of another slot, another connector is told. */
type Kept = Missed & { slotName: string };
