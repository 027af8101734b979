/**
 * Containers and networks of the stack that the engine has and the state does not: somebody took them out of the state, or a plugin that outlived its
 * run made them. An `up` would make objects with names that are in use.
 */
import { isContainerOf } from "../../components/preflight/namesakes";
import { othersText } from "../../components/preflight/other-containers";
import { docker } from "../processes/docker";
import { CONTAINER, NETWORK, type Resource, VOLUME } from "../stack/deployment";
import { strangersOf, strangersText } from "../stop/strangers";
import type { Inventory } from "./inventory";

/**
 * Pure: names of such containers and networks.
 *
 * @param prefixes of the stacks that are meant. @default those of whose Docker objects some are given: of a state without any, other messages say whose the
 *     names are
 */
export function unlistedIn(
  known: readonly Resource[],
  { labelled }: Pick<Inventory, "labelled">,
  prefixes: readonly string[] = prefixesOf(known.filter(({ type }) => DOCKER.includes(type))),
): string[] {
  const ids = new Set(known.map(({ id }) => id));
  const isOne = (name: string) => prefixes.some((prefix) => name === networkOf(prefix) || isContainerOf(prefix, name));
  return [...labelled].flatMap(([name, id]) => (!ids.has(id) && isOne(name) ? [name] : [])).sort();
}

/**
 * Removes such containers and networks. An `up` makes them again, and a `destroy` can then remove the network and the volumes that they use. Their
 * data is in volumes. Containers cannot run without their network, so they are removed with it.
 *
 * @param known resources of one stack in the state
 * @param command the command that removes them, and that has to be run again when somebody else's container is in the way
 * @throws when none of the state's objects is in this engine, since they may then belong to another clone; and when somebody else's container uses
 *     the network
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

const DOCKER = [CONTAINER, NETWORK, VOLUME];

function prefixesOf(resources: readonly Resource[]): string[] {
  return [...new Set(resources.flatMap(({ urn }) => prefixOf(urn) ?? []))];
}

/** Whether the engine has an object of the state, by its id. No other engine or clone has objects with the same ids. */
export function isFrom(known: readonly Resource[], { containers, networkIds }: Inventory): boolean {
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

/** Pure: `<project>-<stack>` of a URN: `urn:pulumi:dev::cdc::…` gives `cdc-dev`. */
function prefixOf(urn: string): string | undefined {
  const [, stack, project] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(urn) ?? [];
  return stack && project && `${project}-${stack}`;
}
