/** A container whose program is no longer its image's: the next `npm start` makes it anew, whatever became of the edits. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { docker } from "../processes/docker";

const FILE = "dist/live/containers";

/** Before the program is changed, so that a run that is killed is known too. */
export function markEdited(container: string): void {
  const known = edited();
  if (known.includes(container)) return;
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, [...known, container].join("\n"));
}

/** Removes them: `up` makes what is gone. */
export async function removeEdited(): Promise<void> {
  const ids = edited();
  if (ids.length === 0) return;
  const there = (await docker("ps", "--all", "--quiet", "--no-trunc")).split("\n");
  const left = ids.filter((id) => there.includes(id));
  if (left.length > 0) {
    // It is told to stop first: what is in its handler's hand is finished, and does not come again.
    await docker("stop", ...left);
    await docker("rm", "--force", "--volumes", ...left);
  }
  rmSync(FILE);
}

/** Ids of containers. */
function edited(): string[] {
  try {
    return readFileSync(FILE, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
