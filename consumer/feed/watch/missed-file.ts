import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SlotMemory, Missed } from "./slot-watch";

/** A small file with the loss of a slot's changes, and the position in the log up to which every loss was reported. */
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
        const { sentence, to, told, anew } = found;
        return {
          missed: typeof sentence === "string" ? { sentence, to: to ?? 0 } : null,
          told: typeof told === "number" ? told : null,
          ...(typeof anew === "number" && { anew }),
        };
      } catch {
        // There is no file as long as nothing was kept.
        return NOTHING;
      }
    },
    save({ missed, told, anew }) {
      if (directory === null) return;
      const draft = `${file}.draft`;
      try {
        // Whoever is killed here, or finds the disk full, leaves what was known before.
        writeFileSync(draft, JSON.stringify({ slotName, ...missed, told, anew } satisfies Kept));
        renameSync(draft, file);
      } catch {
        // What could not be kept is reported for as long as this process lives.
        forget(draft);
      }
    },
  };
}

function forget(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // The next save writes it anew.
  }
}

const NOTHING: SlotMemory = { missed: null, told: null };

/** The file's content. It counts only for the slot that it names. */
type Kept = Partial<Missed> & { slotName: string; told?: number | null; anew?: number | undefined };
