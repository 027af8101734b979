/**
 * Objects with the stack's names that its state does not know: another clone made them, or this one did before its state was
 * removed. Where a volume of that name exists, the engine gives it to the new stack.
 */
import { existsSync, readFileSync } from "node:fs";
import { isInstalled } from "../../program/package-root";
import { stateFile, stateFolder } from "../../program/state-folder.cjs";
import { docker } from "../engine";
import { EngineLists, type ListedObject } from "./engine-lists";
import { isNew } from "./is-new";
import { hiddenState } from "./other-backend";
import { objectWays, TAKE_OVER_VARIABLE } from "./take-over-way";
import { CHECKOUT_LABEL } from "../images/image-names";

/** The part of a name behind the prefix; in a cluster with a number. `postgres-upgrade` is there while `npm run upgrade-postgres` runs. */
const CONTAINERS = /^(postgres(-upgrade)?|zookeeper|(kafka|connect|consumer)(-[1-9]\d*)?)$/;
const VOLUMES = /^(postgres-data|zookeeper-data|kafka(-[1-9]\d*)?-data|consumer(-[1-9]\d*)?-state)$/;
const NETWORKS = /^net$/;

/** An object of the Docker engine with a name that the stack needs. */
export interface Named {
  kind: "container" | "volume" | "network";
  name: string;
  /** Whether it bears the stack's label. */
  labelled: boolean;
}

/**
 * @param prefix first part of the names; a program of one's own may choose it
 * @returns a sentence when the stack's names are taken
 */
export async function namesakes(
  { project, stack, prefix }: { project: string; stack: string; prefix: string },
  lists: EngineLists,
  env = process.env,
): Promise<string | undefined> {
  if (env[TAKE_OVER_VARIABLE] === prefix || !(await isNewState(project, stack, env))) return undefined;
  const found = await namedLike(prefix, lists);
  if (found.length === 0) return undefined;
  const hidden = found.some(({ labelled }) => !labelled) ? undefined : hiddenState(project, stack, "the same", env);
  return hidden === undefined ? namesakesText(prefix, found, await madeIn(prefix)) : hiddenText(prefix, found, hidden);
}

/** What the engine has under the names that a stack needs. */
export async function namedLike(
  prefix: string,
  lists: Pick<EngineLists, "containers" | "volumes" | "networks"> = new EngineLists(),
): Promise<Named[]> {
  const [containers, volumes, networks] = await Promise.all([lists.containers(), lists.volumes(), lists.networks()]);
  const of = (kind: Named["kind"], objects: readonly ListedObject[], roles: RegExp): Named[] =>
    objects
      .filter(({ name }) => name.startsWith(`${prefix}-`) && roles.test(name.slice(prefix.length + 1)))
      .map(({ name, stack }) => ({ kind, name, labelled: stack === prefix }));
  return [
    ...of("container", containers, CONTAINERS),
    ...of("volume", volumes, VOLUMES),
    ...of("network", networks, NETWORKS),
  ];
}

/** Pure: whether a name is that of a container of the stack. */
export function isContainerOf(prefix: string, name: string): boolean {
  return name.startsWith(`${prefix}-`) && CONTAINERS.test(name.slice(prefix.length + 1));
}

/** Pure: whether a name is that of a volume of the stack. */
export function isVolumeOf(prefix: string, name: string): boolean {
  return name.startsWith(`${prefix}-`) && VOLUMES.test(name.slice(prefix.length + 1));
}

/** Folder of the checkout that built the consumer's image, from the label that its container inherits. */
async function madeIn(prefix: string): Promise<string> {
  const format = `{{index .Config.Labels "${CHECKOUT_LABEL}"}}`;
  return docker(["inspect", "--type", "container", "--format", format, `${prefix}-consumer`], 20_000).catch(() => "");
}

/**
 * Whether the state has no resource of the stack yet. A local backend's file also tells what a killed run was making; of any other the engine is asked. A file
 * that cannot be read counts as no.
 */
async function isNewState(project: string, stack: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const folder = stateFolder(env["PULUMI_BACKEND_URL"]);
  if (folder === undefined) return (await import("./applied")).isNewStack();
  const file = stateFile(folder, project, stack);
  return existsSync(file) && isNew(readFileSync(file, "utf8"), isInstalled());
}

/** Pure. Both other ways out would take what the right state knows. */
function hiddenText(prefix: string, found: readonly Named[], hidden: string): string {
  const names = found.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  return `The names of the stack ${prefix} are taken by ${names}. ${hidden} Nothing was changed.`;
}

/** Pure. @param folder of the checkout that made them; empty: not known */
export function namesakesText(
  prefix: string,
  found: readonly Named[],
  folder: string,
  installed = isInstalled(),
): string {
  const list = (objects: readonly Named[]) => objects.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  const foreign = found.filter(({ labelled }) => !labelled);
  if (foreign.length > 0) {
    return (
      `Names that the stack ${prefix} needs are taken by what is none of this project's: ${list(foreign)}. Remove or rename it, or ` +
      "start a stack of another name: `pulumi stack init NAME`. Nothing was changed."
    );
  }
  return (
    `The names of the stack ${prefix} are taken by ${list(found)}, of which this folder's state knows nothing: another clone of the ` +
    `project made them${folder && ` (the consumer in ${folder})`}, or this one before its state was removed. Nothing was changed. Go on ` +
    `there; or start a stack beside it: \`pulumi stack init NAME\`, with ports of its own; ${objectWays(prefix, "", installed)}`
  );
}
