/**
 * Objects that are in the state and not in the Docker engine: removed by hand, pruned, or left behind with another engine.
 * `pulumi up` compares with its state only, and would make none of them again.
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

/** The engine's containers, networks, volumes and images. */
export interface Inventory {
  /** Each container by its id. */
  containers: ReadonlyMap<string, FoundContainer>;
  networkIds: ReadonlySet<string>;
  volumeNames: ReadonlySet<string>;
  /** Volumes without a stack's label. The engine makes such a volume, empty, when a container is started whose volume is gone. */
  strayVolumes: ReadonlySet<string>;
  /** Names with tag. */
  imageNames: ReadonlySet<string>;
  /** By name the id of each container and network that bears a stack's label. */
  labelled: ReadonlyMap<string, string>;
}

/** What has to be done so that state and engine agree. */
export interface Difference {
  /** Names of objects that are gone, and of those that are removed because they cannot run without them. */
  names: string[];
  /** URNs that the state is to forget, so that the next `up` makes them again. */
  urns: Set<string>;
  /** Ids of containers, and names of volumes, that cannot be used any more and are removed. */
  containers: string[];
  volumes: string[];
  /** Ids of containers that are stopped and can be started. */
  stopped: string[];
  /** Ids of those that are paused. */
  paused: string[];
  /** Containers that somebody renamed, each with the name that it is to have. The state knows them by their ids. */
  renamed: { id: string; name: string }[];
  /** Containers that somebody disconnected from their network, with the aliases by which others find them there. */
  detached: { id: string; network: string; aliases: string[] }[];
}

/**
 * Has the state forget what is gone, and starts what was stopped, paused or renamed.
 *
 * @throws when the database's volume is gone and the topics are still there, so that a person can read them first; and when
 *   the engine has containers of these names that the state does not know
 */
export async function forgetGone(): Promise<void> {
  const known = stateResources();
  if (known.length === 0) return;
  let there = await inventory();
  rejectOthers(known, there);
  const mayBeUnlisted = unlistedIn(known, there).length > 0;
  if (!mayBeUnlisted && isNothing(differenceOf(known, there))) return;
  // There may be state files of other stacks too. The CLI takes a moment to export the state, so it is asked only here.
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
 * Pure: names in the state that the engine has given to objects with other ids. Then the state was written with another engine, or another
 * clone has made the objects.
 */
export function namesakesIn(resources: readonly Resource[], { labelled }: Inventory): string[] {
  return resources
    .filter(({ type, id }) => id !== undefined && (type === CONTAINER || type === NETWORK))
    .filter((resource) => ![undefined, resource.id].includes(labelled.get(resourceName(resource))))
    .map(resourceName)
    .sort();
}

/** @throws when objects with the state's names are not the state's own */
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
 * Pure: which of the resources the engine does not have, and what follows from that.
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
  // Broker and ZooKeeper know each other by an id that both keep, and Connect and the consumer keep positions in the broker's topics.
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

/** Without the topics the database still has its rows, and they are read again. Without the database the topics may be the last copy of its rows. */
function byWorth(volumes: readonly Resource[]): { database?: Resource; rest: Resource[] } {
  const isDatabase = (volume: Resource) => resourceName(volume).endsWith("-postgres-data");
  return { database: volumes.find(isDatabase), rest: volumes.filter((volume) => !isDatabase(volume)) };
}

export function isBrokers(volume: Resource): boolean {
  return holdsTopics(volume) || resourceName(volume).endsWith("-zookeeper-data");
}

/**
 * ZooKeeper's volume without a broker's, or a broker's without ZooKeeper's: a stop was killed between the two. ZooKeeper would still list
 * topics that are gone, and a broker refuses a ZooKeeper that is not its own.
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

/** Only images that are built here: the engine finds or pulls all others. */
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
