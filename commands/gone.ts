/** Containers that somebody took away by hand: `pulumi up` compares with its state, and would not miss them. */
import { readFileSync } from "node:fs";
import { docker } from "./docker";
import { backendFiles, stateFolder } from "./interrupted";

/**
 * Names of containers that the state has and the engine has not. Known for a local backend, whose files can be read:
 * asking the CLI takes half a second at every start.
 */
export async function containersGone(): Promise<string[]> {
  const folder = stateFolder(process.env["PULUMI_BACKEND_URL"]);
  if (folder === undefined) return [];
  const files = backendFiles(folder, "stacks").filter((file) => file.endsWith(".json"));
  const known = files.flatMap((file) => containersOf(readFileSync(file, "utf8")));
  if (known.length === 0) return [];
  const there = new Set((await docker("ps", "--all", "--quiet", "--no-trunc")).split("\n"));
  return known.filter(({ id }) => !there.has(id)).map(({ name }) => name);
}

/** What of a state file is read here. */
interface Checkpoint {
  checkpoint?: { latest?: { resources?: { type: string; id?: string; inputs?: { name?: string } }[] } };
}

/** Pure: the containers of a state file. */
export function containersOf(state: string): { id: string; name: string }[] {
  const { checkpoint } = JSON.parse(state) as Checkpoint;
  return (checkpoint?.latest?.resources ?? [])
    .filter(({ type }) => type === "docker:index/container:Container")
    .flatMap(({ id, inputs }) => (id === undefined ? [] : [{ id, name: inputs?.name ?? id }]));
}
