/**
 * Objects that are in the state and not in the Docker engine: removed by hand, pruned, or left behind with another engine.
 * `pulumi up` compares with its state only, and would make none of them again.
 */
import { docker } from "../processes/docker";
import { type Deployment, type Resource, without } from "../stack/deployment";
import { stateResources } from "../stack/local-backend";
import { captured } from "../stack/stack-outputs";
import { isElsewhere, runsOnText } from "../stop/elsewhere";
import { thisStack } from "../stack/this-stack";
import { agreeToLoss } from "./agree-to-loss";
import { rejectCopies } from "./copies";
import { lackingCopies } from "./copies-elsewhere";
import { type Difference, differenceOf, resourceName } from "./difference";
import { brokersIn } from "./gone-topics";
import { inventory } from "./inventory";
import { rejectOthers } from "./namesakes";
import { brokerId } from "./rejoin";
import { startStopped } from "./start-stopped";
import { removeUnlisted, unlistedIn } from "./unlisted";

/**
 * Has the state forget what is gone, and starts what was stopped, paused or renamed.
 *
 * @param isAgreed whether the person has agreed beforehand to what is lost by it
 * @throws when a volume may be a copy that a person has put there; when the database's volume is gone and the topics are still there, so that a person can read them first; when topics would have to be removed
 *   and nobody agrees to it; and when the engine has containers of these names that the state does not know
 */
export async function forgetGone(isAgreed: boolean): Promise<void> {
  const known = stateResources(await thisStack());
  if (known.length === 0) return;
  let there = await inventory();
  rejectOthers(known, there);
  await rejectCopies(known, there, "npm start");
  const mayBeUnlisted = unlistedIn(known, there).length > 0;
  const first = differenceOf(known, there);
  if (!mayBeUnlisted && isNothing(first)) return;
  await agreeToLoss(first, isAgreed);
  // The CLI takes a moment to export the state, so it is asked only here.
  const state = JSON.parse(await captured(["stack", "export"])) as { deployment?: Deployment };
  const { deployment = {} } = state;
  if (mayBeUnlisted) {
    await removeUnlisted(deployment.resources ?? [], there, "npm start");
    there = await inventory();
  }
  let difference = differenceOf(deployment.resources ?? [], there);
  const { stopped, paused, renamed, detached } = difference;
  for (const { id, name } of renamed) await docker("rename", id, name);
  for (const { id, network, aliases } of detached)
    await docker("network", "connect", ...aliases.flatMap((alias) => ["--alias", alias]), network, id);
  if (paused.length > 0) await docker("unpause", ...paused);
  const portless = await startStopped(stopped);
  if (difference.rejoining.length > 0) {
    const trouble = await withoutCopies(deployment.resources ?? [], difference.rejoining);
    if (trouble !== undefined) {
      console.error(trouble);
      difference = differenceOf(deployment.resources ?? [], there, false);
      await agreeToLoss(difference, isAgreed);
    }
  }
  const { names, useless, urns, containers, volumes } = difference;
  const lacking = (deployment.resources ?? []).filter(({ id }) => id !== undefined && portless.includes(id));
  for (const { urn } of lacking) urns.add(urn);
  containers.push(...portless);
  if (urns.size === 0) return;
  if (names.length > 0) console.error(`Gone from the Docker engine, and made again: ${names.join(", ")}.`);
  if (isElsewhere(known, there)) console.error(await runsOnText());
  if (useless.length > 0) console.error(`Removed and made again, as it needs what is gone: ${useless.join(", ")}.`);
  if (lacking.length > 0)
    console.error(`Made again, as somebody else has a port of theirs: ${lacking.map(resourceName).join(", ")}.`);
  if (containers.length > 0) await docker("rm", "--force", "--volumes", ...containers);
  if (volumes.length > 0) await docker("volume", "rm", ...volumes);
  await captured(["stack", "import"], JSON.stringify({ ...state, deployment: without(deployment, urns) }));
}

/** Asks the other brokers, which run now, whether these may begin empty. @returns why not */
async function withoutCopies(resources: readonly Resource[], volumes: readonly string[]): Promise<string | undefined> {
  const lost = volumes.flatMap((name) => brokerId(name) ?? []);
  const others = brokersIn(resources).filter((_address, at) => !lost.includes(at + 1));
  console.error(`Gone: ${volumes.join(", ")}. Asking the other brokers whether they have all of its records …`);
  return lackingCopies(others, lost);
}

function isNothing({ urns, stopped, paused, renamed, detached }: Difference): boolean {
  return urns.size + stopped.length + paused.length + renamed.length + detached.length === 0;
}
