/**
 * A stack in the state of which the engine that is asked has nothing: the engine was switched since, or all was removed by hand. A `destroy` there takes what is missing for
 * removed, and empties the state, while the stack may run on in the other engine.
 */
import { docker } from "../processes/docker";
import { CONTAINER, NETWORK, type Resource, VOLUME } from "../stack/deployment";
import type { Inventory } from "../start/inventory";
import { isFrom } from "../start/unlisted";
import { agreed } from "../terminal/ask";

/**
 * Pure. A stop that was ended half-way has removed the containers first, so that network and volumes are there as long as the state has a container.
 *
 * @param known resources of the stack in the state
 */
export function isElsewhere(known: readonly Resource[], there: Inventory): boolean {
  const isMade = ({ id }: Resource) => id !== undefined;
  const hasVolume = ({ type, id = "" }: Resource) => type === VOLUME && there.volumeNames.has(id);
  return (
    known.some((each) => isMade(each) && each.type === CONTAINER) && !isFrom(known, there) && !known.some(hasVolume)
  );
}

/**
 * Asks before the state forgets a stack of which the engine has nothing.
 *
 * @param prefix `<project>-<stack>`
 * @param isAgreed whether the person has said yes beforehand
 * @throws where the answer is no, or nobody is there to be asked; nothing is changed then
 */
export async function agreeToForget(
  prefix: string,
  known: readonly Resource[],
  there: Inventory,
  isAgreed: boolean,
): Promise<void> {
  if (!isElsewhere(known, there)) return;
  console.error(elsewhereText(prefix, known, await engineName()));
  if (isAgreed || (await agreed("Was all of it removed by hand?", "`npm stop -- --yes`"))) return;
  throw new Error("Nothing was changed.");
}

/** Its address, where the Docker command says it. */
async function engineName(): Promise<string> {
  const host = await docker("context", "inspect", "--format", "{{.Endpoints.docker.Host}}").catch(() => "");
  return process.env["DOCKER_HOST"] || host || "of this machine";
}

/** Pure. */
export function elsewhereText(prefix: string, known: readonly Resource[], engine: string): string {
  const made = known.filter(({ type, id }) => id !== undefined && [CONTAINER, NETWORK, VOLUME].includes(type));
  return (
    `This folder's state knows ${made.length} containers, networks and volumes of ${prefix}, and the Docker engine ${engine} has none of them. ` +
    "Where the engine was switched, the stack runs on in the other one, and only this state knows it: go back there (`docker context use …`, or DOCKER_HOST), " +
    "then `npm stop`. Where all of it was removed by hand, `npm stop -- --yes` empties the state."
  );
}

/** For a start, which makes the stack anew without a question. */
export async function runsOnText(): Promise<string> {
  return `The Docker engine ${await engineName()} has nothing of the stack: where the engine was switched, what was made before runs on in the other one, and this state knows it no more.`;
}
