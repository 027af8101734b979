/** Marks a container whose program is no longer its image's. The next `npm start` makes it again, whatever became of the edits. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { STACK_LABEL } from "../../components/container/labels";
import { thisStack } from "../stack/this-stack";
import { docker } from "../processes/docker";

const FILE = "dist/live/containers";

/** Call this before the program is changed, so that the mark is there even when this run is killed. */
export function markEdited(container: string): void {
  const known = edited();
  if (known.includes(container)) return;
  keep([...known, container]);
}

/**
 * Removes the marked containers of this stack, which `up` makes again. Those of other stacks may be watched by another run.
 *
 * @param engine asks Docker
 */
export async function removeEdited(engine: typeof docker = docker): Promise<void> {
  const ids = edited();
  if (ids.length === 0) return;
  const prefix = await thisStack();
  const list = async (...filter: string[]) =>
    (await engine("ps", "--all", "--quiet", "--no-trunc", ...filter)).split("\n");
  const [all, own] = await Promise.all([list(), list("--filter", `label=${STACK_LABEL}=${prefix}`)]);
  const left = ids.filter((id) => own.includes(id));
  if (left.length > 0) {
    // It is stopped first, so that its handler finishes the changes at hand, and does not get them again.
    await engine("stop", ...left);
    await engine("rm", "--force", "--volumes", ...left);
  }
  keep(ids.filter((id) => all.includes(id) && !left.includes(id)));
}

function keep(ids: readonly string[]): void {
  if (ids.length === 0) return rmSync(FILE, { force: true });
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, ids.join("\n"));
}

/** Ids of containers. */
function edited(): string[] {
  try {
    return readFileSync(FILE, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
