import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "./applied";
import type { EngineLists, ListedContainer, ListedObject } from "./engine-lists";
import { isContainerOf, type Named, namesakesText } from "./namesakes";
import { isInstalled } from "../../program/package-root";
import { FORGET_STACK, objectWays, TAKE_OVER_VARIABLE } from "./take-over-way";

/**
 * Refuses a run on an engine whose containers have the stack's names and other ids than the state knows. The volumes there have the same
 * names and other data, and a plain `up` would go on with them as if they were this state's. It also refuses one where a container of
 * nobody's, or one of the stack that the state does not list, has a name that is to be made: the engine would refuse that amid the run. The
 * same goes for the stack's network.
 *
 * @param prefix `<project>-<stack>`
 * @throws pulumi.RunError that names them, with the ways out
 */
export async function rejectOtherContainers(
  prefix: string,
  { containers, networks, volumes }: Pick<AppliedStack, "containers" | "networks" | "volumes">,
  lists: Pick<EngineLists, "containers" | "networks">,
  env = process.env,
): Promise<void> {
  // Of a state that has nothing yet the names are looked at by themselves: see `namesakes`.
  if (containers.size + volumes.length === 0 || env[TAKE_OVER_VARIABLE] !== undefined) return;
  // Another check says when the engine does not answer.
  const there = await lists.containers().catch(() => []);
  const others = otherContainers(containers, there);
  if (others.length > 0) throw new pulumi.RunError(othersText(others, prefix));
  const unlistedNetworks = await networksBeside(prefix, networks, lists);
  const unlisted = (owner: string): Omit<Named, "labelled">[] => [
    ...unlistedContainers(prefix, owner, containers, there).map((name) => ({ kind: "container" as const, name })),
    ...unlistedNetworks.filter(({ stack }) => stack === owner).map(({ name }) => ({ kind: "network" as const, name })),
  ];
  const ours = unlisted(prefix);
  if (ours.length > 0) throw new pulumi.RunError(unlistedText(ours));
  const nobodys = unlisted("").map((each) => ({ ...each, labelled: false }));
  if (nobodys.length > 0) throw new pulumi.RunError(namesakesText(prefix, nobodys, ""));
}

/** The network with the stack's name that the state does not know. The engine is asked only where the state knows none. */
async function networksBeside(
  prefix: string,
  known: readonly string[],
  lists: Pick<EngineLists, "networks">,
): Promise<ListedObject[]> {
  const needed = `${prefix}-net`;
  if (known.includes(needed)) return [];
  return (await lists.networks().catch(() => [])).filter(({ name }) => name === needed);
}

/** Pure: names that the state knows, and that the engine has given to other containers of a stack. @param known id by name */
function otherContainers(known: ReadonlyMap<string, string>, there: readonly ListedContainer[]): string[] {
  const ids = new Set(known.values());
  return there
    .filter(({ name, id, stack }) => stack !== "" && known.has(name) && !ids.has(id))
    .map(({ name }) => name)
    .sort();
}

/** Pure: names of the stack that the state does not know, or not any more, and that containers have. @param owner the label that they bear; empty: none */
function unlistedContainers(
  prefix: string,
  owner: string,
  known: ReadonlyMap<string, string>,
  there: readonly ListedContainer[],
): string[] {
  return there
    .filter(({ name, stack }) => stack === owner && isContainerOf(prefix, name) && !known.has(name))
    .map(({ name }) => name)
    .sort();
}

/** Pure. What they had to keep is in volumes. */
function unlistedText(found: readonly Omit<Named, "labelled">[]): string {
  const names = found.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  return (
    `The Docker engine has objects of this stack that its state does not list: ${names}. They were taken out of the state by hand, or a run ` +
    "was killed while it made them. Nothing was changed. `npm start` makes them again; rows and topics stay."
  );
}

/** Pure. @param prefix of the stack, for the words to a program of one's own */
export function othersText(names: readonly string[], prefix = "", installed = isInstalled()): string {
  return (
    `The Docker engine has others of these names than this folder's state knows: ${names.join(", ")}. They are from before the engine was ` +
    `switched, or another clone of the project made them. Nothing was changed. Go on there; ${objectWays(prefix, FORGET_STACK, installed)}`
  );
}
