import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "./applied";
import type { EngineLists, ListedContainer } from "./engine-lists";
import { TAKE_OVER_VARIABLE } from "./namesakes";

/**
 * Refuses a run on an engine whose containers have the stack's names and other ids than the state knows. The volumes there have the same
 * names and other data, and a plain `up` would go on with them as if they were this state's.
 *
 * @throws pulumi.RunError that names them, with the ways out
 */
export async function rejectOtherContainers(
  { containers }: Pick<AppliedStack, "containers">,
  lists: Pick<EngineLists, "containers">,
  env = process.env,
): Promise<void> {
  if (containers.size === 0 || env[TAKE_OVER_VARIABLE] !== undefined) return;
  // Another check says when the engine does not answer.
  const others = otherContainers(containers, await lists.containers().catch(() => []));
  if (others.length > 0) throw new pulumi.RunError(othersText(others));
}

/** Pure: names that the state knows, and that the engine has given to other containers of a stack. @param known id by name */
function otherContainers(known: ReadonlyMap<string, string>, there: readonly ListedContainer[]): string[] {
  const ids = new Set(known.values());
  return there
    .filter(({ name, id, stack }) => stack !== "" && known.has(name) && !ids.has(id))
    .map(({ name }) => name)
    .sort();
}

/** Pure. */
export function othersText(names: readonly string[]): string {
  return (
    `The Docker engine has others of these names than this folder's state knows: ${names.join(", ")}. They are from before the engine was ` +
    "switched, or another clone of the project made them. Nothing was changed. Go on there; or take over the database that is here, " +
    "while containers and topics are made anew: `npm start -- --take-over`; or remove all of it, the rows included: `npm stop -- --remove`."
  );
}
