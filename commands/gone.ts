/** Containers that somebody took away by hand: `pulumi up` compares with its state, and would not miss them. */
import { readFileSync } from "node:fs";
import { docker } from "./docker";
import { CONTAINER } from "./half-made";
import { stateFolder } from "../toolchain/state-folder.cjs";
import { backendFiles } from "./local-backend";
import { captured, pulumi } from "./stack";

/** Has them forgotten, so that the next `up` makes them again. Only them: what lives in them cannot be asked now. */
export async function forgetGone(): Promise<void> {
  const found = await containersGone();
  if (found.length === 0) return;
  // The files may be those of other stacks, too; asked only now, since it takes the CLI a moment.
  const selected = (await captured(["stack", "--show-name"])).trim();
  const gone = found.filter(({ urn }) => urn.startsWith(`urn:pulumi:${selected}::`));
  if (gone.length === 0) return;
  console.error(`Gone from the Docker engine, and made again: ${gone.map(({ name }) => name).join(", ")}.`);
  await pulumi(["refresh", "--yes", "--skip-preview", ...gone.flatMap(({ urn }) => ["--target", urn])]);
}

/** A container of the state. */
interface Container {
  urn: string;
  id: string;
  name: string;
}

/**
 * Containers that a state has and the engine has not. Known for a local backend, whose files can be read: asking the
 * CLI takes half a second at every start.
 */
export async function containersGone(): Promise<Container[]> {
  const folder = stateFolder(process.env["PULUMI_BACKEND_URL"]);
  if (folder === undefined) return [];
  const files = backendFiles(folder, "stacks").filter((file) => file.endsWith(".json"));
  const known = files.flatMap((file) => containersOf(readFileSync(file, "utf8")));
  if (known.length === 0) return [];
  const there = new Set((await docker("ps", "--all", "--quiet", "--no-trunc")).split("\n"));
  return known.filter(({ id }) => !there.has(id));
}

/** What of a state file is read here. */
interface Checkpoint {
  checkpoint?: { latest?: { resources?: { urn: string; type: string; id?: string; inputs?: { name?: string } }[] } };
}

/** Pure: the containers of a state file. */
export function containersOf(state: string): Container[] {
  const { checkpoint } = JSON.parse(state) as Checkpoint;
  return (checkpoint?.latest?.resources ?? [])
    .filter(({ type }) => type === CONTAINER)
    .flatMap(({ urn, id, inputs }) => (id === undefined ? [] : [{ urn, id, name: inputs?.name ?? id }]));
}
