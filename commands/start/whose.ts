/** Whether what the engine has under the names of a killed run is that run's own. Another clone may have brought its stack up meanwhile. */
import { othersText } from "../../components/preflight/other-containers";
import { docker } from "../processes/docker";
import type { Deployment } from "../stack/deployment";
import type { Inventory } from "./inventory";
import { namesakesIn } from "./namesakes";
import { isFrom, unlistedIn } from "./unlisted";

/** How long after the state's last note the plugin, which outlives the CLI, may still have made an object. */
const OUTLIVED_MS = 60_000;

/**
 * @param prefix `<project>-<stack>`
 * @param pending names of containers and networks that the run was making
 * @throws where they are another's, with nothing removed or adopted
 */
export async function rejectOthersPending(
  prefix: string,
  deployment: Deployment,
  pending: readonly string[],
  there: Inventory,
): Promise<void> {
  const { resources = [], manifest } = deployment;
  // A container that was being replaced has another id than the state, which still knows the old one.
  const others = namesakesIn(resources, there).filter((name) => !pending.includes(name));
  if (others.length > 0) throw new Error(othersText(others));
  // Beside an object of this state no other clone brings a stack of the same names up.
  if (isFrom(resources, there)) return;
  const unknown = unlistedIn(resources, there, [prefix]);
  const made = new Map(await Promise.all(unknown.map(async (name) => [name, await madeAt(name)] as const)));
  const foreign = foreignIn(unknown, pending, made, Date.parse(manifest?.time ?? ""));
  if (foreign.length > 0) throw new Error(othersText(foreign));
}

/**
 * Pure: which objects the killed run cannot have made: it was not making them, or it had ended.
 *
 * @param made when each was made, in milliseconds
 * @param noted when the run wrote its state for the last time
 */
export function foreignIn(
  unknown: readonly string[],
  pending: readonly string[],
  made: ReadonlyMap<string, number>,
  noted: number,
): string[] {
  const isOurs = (name: string) => pending.includes(name) && made.get(name)! <= noted + OUTLIVED_MS;
  return unknown.filter((name) => !isOurs(name));
}

/** A container and a network of one name do not both exist: see `CONTAINERS` and `NETWORKS` in `namesakes`. */
async function madeAt(name: string): Promise<number> {
  const look = (type: string) => docker("inspect", "--type", type, "--format", "{{json .Created}}", name);
  const said = await look("container").catch(() => look("network"));
  return Date.parse(JSON.parse(said) as string);
}
