/**
 * What the state knows and the Docker engine has not: taken away by hand, pruned, or left behind with another engine.
 * `pulumi up` compares with its state, and would miss none of it.
 */
import { parseBuilt } from "../../components/images/image-names";
import { othersText } from "../../components/preflight/other-containers";
import { COORDINATION_LABEL, STACK_LABEL } from "../../components/container/labels";
import { CONTAINER, type Deployment, IMAGE, NETWORK, type Resource, VOLUME, without } from "../stack/deployment";
import { docker } from "../processes/docker";
import { stateResources } from "../stack/local-backend";
import { captured } from "../stack/stack-outputs";
import { startStopped } from "./start-stopped";
import { removeUnlisted, unlistedIn } from "./unlisted";

/** A container as the engine has it. */
export interface FoundContainer {
  name: string;
  /** As the engine calls it: `running`, `paused`, `exited` … */
  state: string;
  /** Names of its networks. */
  networks: readonly string[];
}

/** What of the stack's kinds the engine has. */
export interface Inventory {
  /** Each container by its id. */
  containers: ReadonlyMap<string, FoundContainer>;
  networkIds: ReadonlySet<string>;
  volumeNames: ReadonlySet<string>;
  /** Those among them that bear no stack's label: made by the engine itself, empty, when a container was started whose volume was gone. */
  strayVolumes: ReadonlySet<string>;
  /** Names with tag. */
  imageNames: ReadonlySet<string>;
  /** Id by name of containers and networks that bear the label of a stack. */
  labelled: ReadonlyMap<string, string>;
}

/** What makes state and engine one again. */
export interface Difference {
  /** Names of what is gone, and of what goes because it cannot do without. */
  names: string[];
  /** URNs that the state is to forget, so that the next `up` makes them again. */
  urns: Set<string>;
  /** Ids of containers, and names of volumes, that nothing can be done with any more. */
  containers: string[];
  volumes: string[];
  /** Ids of containers that only stand still. */
  stopped: string[];
  /** Ids of those that are paused. */
  paused: string[];
  /** Those that somebody has given another name, with the one that they are to have: the state knows them by their ids alone. */
  renamed: { id: string; name: string }[];
  /** Those that were taken off their network, with the words by which others find them there. */
  detached: { id: string; network: string; aliases: string[] }[];
}

/**
 * Has the state forget what is gone, and starts what was stopped, paused or renamed.
 *
 * @throws when the database's volume is gone and the topics are still there: who wants them must look at them first; and
 *   when the engine has containers of these names that the state does not know
 */
export async function forgetGone(): Promise<void> {
  const known = stateResources();
  if (known.length === 0) return;
  let there = await inventory();
  rejectOthers(known, there);
  const mayBeUnlisted = unlistedIn(known, there).length > 0;
  if (!mayBeUnlisted && isNothing(differenceOf(known, there))) return;
  // The files may be those of other stacks, too; asked only now, since it takes the CLI a moment.
  const state = JSON.parse(await captured(["stack", "export"])) as { deployment?: Deployment };
  const { deployment = {} } = state;
  if (mayBeUnlisted) {
    await removeUnlisted(deployment.resources ?? [], there);
    there = await inventory();
  }
  const difference = differenceOf(deployment.resources ?? [], there);
  const { names, urns, containers, volumes, stopped, paused, renamed, detached } = difference;
  for (const { id, name } of renamed) await docker("rename", id, name);
  for (const { id, network, aliases } of detached)
    await docker("network", "connect", ...aliases.flatMap((alias) => ["--alias", alias]), network, id);
  if (paused.length > 0) await docker("unpause", ...paused);
  const portless = await startStopped(stopped);
  const lacking = (deployment.resources ?? []).filter(({ id }) => id !== undefined && portless.includes(id));
  for (const { urn } of lacking) urns.add(urn);
  containers.push(...portless);
  if (urns.size === 0) return;
  if (names.length > 0) console.error(`Gone from the Docker engine, and made again: ${names.join(", ")}.`);
  if (lacking.length > 0)
    console.error(`Made again, as somebody else has a port of theirs: ${lacking.map(resourceName).join(", ")}.`);
  if (containers.length > 0) await docker("rm", "--force", "--volumes", ...containers);
  if (volumes.length > 0) await docker("volume", "rm", ...volumes);
  await captured(["stack", "import"], JSON.stringify({ ...state, deployment: without(deployment, urns) }));
}

function isNothing({ urns, stopped, paused, renamed, detached }: Difference): boolean {
  return urns.size + stopped.length + paused.length + renamed.length + detached.length === 0;
}

/**
 * Pure: names that the state knows and that the engine has given to what the state does not know. The state was written with
 * another engine, or another clone has made them.
 */
export function namesakesIn(resources: readonly Resource[], { labelled }: Inventory): string[] {
  return resources
    .filter(({ type, id }) => id !== undefined && (type === CONTAINER || type === NETWORK))
    .filter((resource) => ![undefined, resource.id].includes(labelled.get(resourceName(resource))))
    .map(resourceName)
    .sort();
}

/** @throws when the engine has others of the state's names: nothing of what is there is the state's */
export function rejectOthers(known: readonly Resource[], there: Inventory): void {
  const others = namesakesIn(known, there);
  if (others.length > 0) throw new Error(othersText(others));
}

/** What the engine has. */
export async function inventory(): Promise<Inventory> {
  const stack = `{{.Label "${STACK_LABEL}"}}`;
  const [containers, networks, volumes, images] = await Promise.all([
    docker("ps", "--all", "--no-trunc", "--format", `{{.ID}} {{.State}} {{.Networks}} {{.Names}} ${stack}`),
    docker("network", "ls", "--no-trunc", "--format", `{{.ID}} {{.Name}} ${stack}`),
    docker("volume", "ls", "--format", `{{.Name}} ${stack}`),
    docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}"),
  ]);
  const wordsOf = (text: string) => text.split("\n").map((line) => line.split(" "));
  const [ofContainers, ofNetworks, ofVolumes] = [wordsOf(containers), wordsOf(networks), wordsOf(volumes)];
  const named = [...ofContainers.map(([id, , , ...rest]) => [id, ...rest]), ...ofNetworks].filter(
    ([, , label]) => label,
  );
  return {
    containers: new Map(
      ofContainers.map(([id = "", state = "", networks = "", name = ""]) => [
        id,
        { name, state, networks: networks.split(",") },
      ]),
    ),
    networkIds: new Set(ofNetworks.map(([id = ""]) => id)),
    labelled: new Map(named.map(([id = "", name = ""]) => [name, id])),
    volumeNames: new Set(ofVolumes.map(([name = ""]) => name)),
    strayVolumes: new Set(ofVolumes.filter(([, label]) => !label).map(([name = ""]) => name)),
    imageNames: new Set(images.split("\n")),
  };
}

/**
 * Pure: what of some resources the engine has not, and what follows from it.
 *
 * @throws when the database is gone and the topics are not
 */
export function differenceOf(resources: readonly Resource[], there: Inventory): Difference {
  const real = resources.filter(({ id }) => id !== undefined);
  const ofType = (type: string) => real.filter((each) => each.type === type);
  const gone = new Set([
    ...ofType(NETWORK).filter(({ id }) => !there.networkIds.has(id!)),
    ...ofType(VOLUME).filter(({ id }) => !there.volumeNames.has(id!) || there.strayVolumes.has(id!)),
    ...ofType(IMAGE).filter(({ inputs }) => isMissingImage(inputs?.name ?? "", there)),
    ...ofType(CONTAINER).filter(({ id }) => !there.containers.has(id!)),
  ]);
  const { database, rest } = byWorth(ofType(VOLUME));
  const lost = (volume: Resource) => gone.has(volume);
  if (database && lost(database) && rest.some((volume) => holdsTopics(volume) && !lost(volume)))
    throw new Error(orphaned(database));
  // Broker and ZooKeeper know each other by an id that both keep, and the others know what the broker held.
  const brokerLost = rest.some((volume) => isBrokers(volume) && lost(volume)) || isHalfABroker(rest, there);
  const useless = brokerLost ? rest.filter((volume) => !lost(volume)) : [];
  for (const volume of useless) gone.add(volume);
  const goneNames = new Set([...gone].filter(({ type }) => type === NETWORK || type === VOLUME).map(resourceName));
  // One that exists keeps the id of the network it was made in, and its mounts: it can never run again.
  const isStranded = (container: Resource) =>
    needs(container).some((name) => goneNames.has(name)) ||
    (brokerLost && !(database && needs(container).includes(resourceName(database))));
  const stranded = ofType(CONTAINER).filter((container) => !gone.has(container) && isStranded(container));
  for (const container of stranded) gone.add(container);
  const kept = ofType(CONTAINER).filter((each) => !gone.has(each));
  const inState = (...states: string[]) =>
    kept.filter(({ id }) => states.includes(there.containers.get(id!)!.state)).map(({ id }) => id!);
  const taken = new Set([...there.containers.values()].map(({ name }) => name));
  const urns = new Set([...gone].map(({ urn }) => urn));
  for (const { urn, deletedWith } of real) if (deletedWith !== undefined && urns.has(deletedWith)) urns.add(urn);
  return {
    names: [...gone].map(resourceName).sort(),
    urns,
    containers: stranded.map(({ id }) => id!),
    volumes: [
      ...useless.map(resourceName),
      ...ofType(VOLUME)
        .map(resourceName)
        .filter((name) => there.strayVolumes.has(name)),
    ],
    stopped: inState("exited", "created"),
    paused: inState("paused"),
    renamed: kept
      .filter((each) => !taken.has(resourceName(each)))
      .map((each) => ({ id: each.id!, name: resourceName(each) })),
    detached: kept.flatMap(({ id, inputs }) =>
      (inputs?.networksAdvanced ?? [])
        .filter(({ name }) => !there.containers.get(id!)!.networks.includes(name))
        .map(({ name, aliases = [] }) => ({ id: id!, network: name, aliases })),
    ),
  };
}

/** The database's rows are whole without the topics, and are captured anew. Topics without their database are the last of its rows. */
function byWorth(volumes: readonly Resource[]): { database?: Resource; rest: Resource[] } {
  const isDatabase = (volume: Resource) => resourceName(volume).endsWith("-postgres-data");
  return { database: volumes.find(isDatabase), rest: volumes.filter((volume) => !isDatabase(volume)) };
}

export function isBrokers(volume: Resource): boolean {
  return holdsTopics(volume) || resourceName(volume).endsWith("-zookeeper-data");
}

/**
 * ZooKeeper's volume without a broker's, or the other way round: a stop was killed between the two. ZooKeeper would go on telling of
 * topics, and a broker refuses a ZooKeeper that is not its own.
 */
function isHalfABroker(volumes: readonly Resource[], { volumeNames }: Inventory): boolean {
  const brokers = volumes.filter(holdsTopics);
  const zooKeeper = volumes.find((volume) => isBrokers(volume) && !holdsTopics(volume));
  // One that the engine has, and the state does not know, is taken as it is.
  if (zooKeeper)
    return brokers.length === 0 && !volumeNames.has(resourceName(zooKeeper).replace(/-zookeeper-data$/, "-kafka-data"));
  return brokers.some(
    (volume) =>
      !isWithoutZooKeeper(volume) &&
      !volumeNames.has(resourceName(volume).replace(/-kafka(-\d+)?-data$/, "-zookeeper-data")),
  );
}

function isWithoutZooKeeper({ inputs }: Resource): boolean {
  return (inputs?.labels ?? []).some(({ label }) => label === COORDINATION_LABEL);
}

function holdsTopics(volume: Resource): boolean {
  return /-kafka(-\d+)?-data$/.test(resourceName(volume));
}

function orphaned(database: Resource): string {
  return (
    `The Docker volume ${resourceName(database)} is gone, and the database with it; the changes that Kafka holds are still there. ` +
    "`npm stop` takes them away as well, then `npm start` begins anew."
  );
}

/** Of those that are built here: others are the engine's to find or pull. */
function isMissingImage(name: string, { imageNames }: Inventory): boolean {
  return parseBuilt(name) !== undefined && !imageNames.has(name);
}

export function needs({ inputs }: Resource): string[] {
  const networks = (inputs?.networksAdvanced ?? []).map(({ name }) => name);
  return [...networks, ...(inputs?.volumes ?? []).map(({ volumeName = "" }) => volumeName)];
}

export function resourceName({ inputs, id, urn }: Resource): string {
  return inputs?.name ?? id ?? urn;
}
