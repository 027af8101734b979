/** A container whose program is no longer its image's: the next `npm start` makes it anew, whatever became of the edits. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { STACK_LABEL } from "../../components/container/labels";
import { whichStack } from "../look/which-stack";
import { docker } from "../processes/docker";

const FILE = "dist/live/containers";

/** Before the program is changed, so that a run that is killed is known too. */
export function markEdited(container: string): void {
  const known = edited();
  if (known.includes(container)) return;
  keep([...known, container]);
}

/**
 * Removes those of this stack: `up` makes what is gone. Others of this checkout may be watched by a run of their own.
 *
 * @param engine asks Docker
 */
export async function removeEdited(engine: typeof docker = docker): Promise<void> {
  const ids = edited();
  if (ids.length === 0) return;
  const prefix = await whichStack(undefined, Promise.resolve([]));
  const list = async (...filter: string[]) =>
    (await engine("ps", "--all", "--quiet", "--no-trunc", ...filter)).split("\n");
  const [all, own] = await Promise.all([list(), list("--filter", `label=${STACK_LABEL}=${prefix}`)]);
  const left = ids.filter((id) => own.includes(id));
  if (left.length > 0) {
    // It is told to stop first: what is in its handler's hand is finished, and does not come again.
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
