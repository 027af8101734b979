import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SlotMemory, Missed } from "./slot-watch";

/** What is lost to a slot, and up to where nothing is, in a small file. */
export function missedFile(
  directory: string | null,
  slotName: string,
): { load(): SlotMemory; save(known: SlotMemory): void } {
  const file = join(directory ?? "", "missed.json");
  return {
    load() {
      try {
        const found = directory === null ? null : (JSON.parse(readFileSync(file, "utf8")) as Kept | null);
        if (found?.slotName !== slotName) return NOTHING;
        const { sentence, to, told } = found;
        return {
          missed: typeof sentence === "string" ? { sentence, to: to ?? 0 } : null,
          told: typeof told === "number" ? told : null,
        };
      } catch {
        // None was lost yet.
        return NOTHING;
      }
    },
    save({ missed, told }) {
      try {
        if (directory !== null) writeFileSync(file, JSON.stringify({ slotName, ...missed, told } satisfies Kept));
      } catch {
        // It is said for as long as the process lives.
      }
    },
  };
}

const NOTHING: SlotMemory = { missed: null, told: null };

/** Of another slot, another connector is told. */
type Kept = Partial<Missed> & { slotName: string; told?: number | null };
