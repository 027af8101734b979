/**
 * Containers and networks of the stack that the engine has and the state has not: taken out of the state by hand, or made by a plugin that
 * outlived its run. An `up` would ask the engine for names that are in use.
 */
import { isContainerOf } from "../../components/preflight/namesakes";
import { othersText } from "../../components/preflight/other-containers";
import { docker } from "../processes/docker";
import { CONTAINER, NETWORK, type Resource } from "../stack/deployment";
import { strangersOf, strangersText } from "../stop/strangers";
import type { Inventory } from "./inventory";

/**
 * Pure: their names.
 *
 * @param prefixes of the stacks that are meant. @default those whose resources are given
 */
export function unlistedIn(
  known: readonly Resource[],
  { labelled }: Pick<Inventory, "labelled">,
  prefixes: readonly string[] = [...new Set(known.flatMap(({ urn }) => prefixOf(urn) ?? []))],
): string[] {
  const ids = new Set(known.map(({ id }) => id));
  const isOne = (name: string) => prefixes.some((prefix) => name === networkOf(prefix) || isContainerOf(prefix, name));
  return [...labelled].flatMap(([name, id]) => (!ids.has(id) && isOne(name) ? [name] : [])).sort();
}

/**
 * Removes them: an `up` makes them again, and a `destroy` can then remove the network and the volumes that they use. What they had to keep is
 * in volumes. Containers cannot do without their network, and go with it.
 *
 * @param known what the state has of one stack
 * @param command who removes them, and is to be run again where somebody else's container is in the way
 * @throws when nothing else of the state is this engine's: then they may be another clone's; and when somebody else's container has the network
 */
export async function removeUnlisted(
  known: readonly Resource[],
  there: Inventory,
  command: "npm start" | "npm stop",
): Promise<void> {
  const names = unlistedIn(known, there);
  if (names.length === 0) return;
  if (!isFrom(known, there)) throw new Error(othersText(names));
  const prefix = known.map(({ urn }) => prefixOf(urn)).find((each) => each !== undefined)!;
  const network = names.find((name) => name === networkOf(prefix));
  if (network !== undefined) await refuseStrangers(prefix, network, command);
  const containers =
    network === undefined ? names : [...there.labelled.keys()].filter((name) => isContainerOf(prefix, name));
  const end = command === "npm start" ? "made again" : "removed first";
  console.error(`Not in Pulumi's state, and ${end}: ${names.join(", ")}.`);
  if (containers.length > 0) await docker("rm", "--force", "--volumes", ...containers);
  if (network !== undefined) await docker("network", "rm", network);
}

/** Ids are the engine's own, and no other engine's or clone's stack has the same. */
function isFrom(known: readonly Resource[], { containers, networkIds }: Inventory): boolean {
  return known.some(
    ({ type, id = "" }) => (type === CONTAINER && containers.has(id)) || (type === NETWORK && networkIds.has(id)),
  );
}

async function refuseStrangers(prefix: string, network: string, command: string): Promise<void> {
  const strangers = (await strangersOf(prefix)).filter(({ has }) => has.name === network);
  if (strangers.length > 0) throw new Error(strangersText(strangers, command));
}

function networkOf(prefix: string): string {
  return `${prefix}-net`;
}

/** Pure: `<project>-<stack>`, as in `urn:pulumi:dev::cdc::…`, which gives `cdc-dev`. */
export function prefixOf(urn: string): string | undefined {
  const [, stack, project] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(urn) ?? [];
  return stack && project && `${project}-${stack}`;
}
