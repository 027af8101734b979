/** Objects of the stack that another state has made: takes over the database's volume, and removes the others. */
import { isOfStack } from "../../components/preflight/is-new";
import { namedLike, namesakesText } from "../../components/preflight/namesakes";
import { TAKE_OVER_VARIABLE } from "../../components/preflight/take-over-way";
import type { Deployment, Resource } from "../stack/deployment";
import { docker, removeLabelled } from "../processes/docker";
import { inventory, type Inventory } from "./inventory";
import { namesakesIn } from "./namesakes";
import { knownResources } from "../stack/known-resources";
import { captured } from "../stack/stack-outputs";
import { thisStack } from "../stack/this-stack";
import { strangersOf, strangersText } from "../stop/strangers";
import { STACK_LABEL } from "../../components/container/labels";
import { unlistedIn } from "./unlisted";
import { rejectUpgrading } from "../upgrade-postgres/under-way";
import { projectName } from "../stack/project-name";
import { hiddenState } from "../../components/preflight/other-backend";

/**
 * Removes a stack that this state does not know, or knows from another engine, except for the database's volume.
 *
 * @returns variables for the `up` that takes over that volume
 * @throws when the state knows the stack, or an object without the stack's label has one of its names
 */
export async function takeOver(): Promise<Record<string, string>> {
  const prefix = await thisStack();
  await rejectUpgrading(prefix);
  const known = (await knownResources(prefix)).filter(isOfStack);
  if (known.length > 0 && !hasUnlisted(prefix, known, await inventory()))
    throw new Error(
      `This folder's state knows the stack ${prefix}: there is nothing to take over. Leave --take-over out.`,
    );
  const found = await namedLike(prefix);
  if (found.some(({ labelled }) => !labelled)) throw new Error(namesakesText(prefix, found, ""));
  // The engine would refuse the network only after all the rest is gone.
  const strangers = await strangersOf(prefix);
  if (strangers.length > 0) throw new Error(strangersText(strangers, "npm start -- --take-over"));
  const kept = `${prefix}-postgres-data`;
  const names = (kind: string) =>
    found.filter((each) => each.kind === kind && each.name !== kept).map(({ name }) => name);
  const [containers, volumes, networks] = [names("container"), names("volume"), names("network")];
  const taken = found.some(({ name }) => name === kept) ? `Taken over: ${kept}.` : `There is no ${kept} to take over.`;
  console.error(`${taken} Made anew: ${[...containers, ...volumes, ...networks].join(", ")}.`);
  if (containers.length > 0) await docker("rm", "--force", "--volumes", ...containers);
  if (volumes.length > 0) await docker("volume", "rm", ...volumes);
  if (networks.length > 0) await docker("network", "rm", ...networks);
  // What it knows is another engine's.
  if (known.length > 0) await forgetAll();
  return { [TAKE_OVER_VARIABLE]: prefix };
}

/** Pure: whether the engine has a container or network of the stack that the state does not know: what bears its names is another's. */
export function hasUnlisted(prefix: string, known: readonly Resource[], there: Inventory): boolean {
  return unlistedIn(known, there, [prefix]).length > 0 || namesakesIn(known, there).length > 0;
}

async function forgetAll(): Promise<void> {
  const state = JSON.parse(await captured(["stack", "export"])) as { deployment?: Deployment };
  const deployment = { ...state.deployment, resources: [], pending_operations: [] };
  await captured(["stack", "import"], JSON.stringify({ ...state, deployment }));
}

/** Removes all that bears the stack's label, whatever the state knows. */
export async function removeAll(): Promise<void> {
  const prefix = await thisStack();
  await removeLabelled(`${STACK_LABEL}=${prefix}`);
  console.error(`Removed: all containers, volumes and networks of ${prefix}.`);
}

/** A sentence for what is left of the stack when its state is empty. */
export async function leftOver(): Promise<string | undefined> {
  const prefix = await thisStack();
  const left = (await namedLike(prefix)).filter(({ labelled }) => labelled).map(({ name }) => name);
  if (left.length === 0) return undefined;
  const project = projectName();
  const hidden = hiddenState(project, prefix.slice(project.length + 1), "`npm stop`");
  if (hidden !== undefined) return `Still there: ${left.join(", ")}. ${hidden}`;
  return `Still there, since this folder's state knows nothing of them: ${left.join(", ")}. \`npm stop -- --remove\` removes them, and the rows.`;
}
