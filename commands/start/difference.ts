/** Differences between the state and the Docker engine, and what has to be done about them. Pure. */
import { COORDINATION_LABEL } from "../../components/container/labels";
import { parseBuilt } from "../../components/images/image-names";
import { CONTAINER, IMAGE, NETWORK, type Resource, VOLUME } from "../stack/deployment";
import type { Inventory } from "./inventory";
import { mayRejoin } from "./rejoin";

/** What has to be done so that state and engine agree. */
export interface Difference {
  /** Names of objects that are gone. */
  names: string[];
  /** Names of objects that are there, and have to be removed because they cannot be used without those. */
  useless: string[];
  /** Those of them that hold topics which a person may still want. */
  topicVolumes: string[];
  /** Volumes of brokers that are made anew, empty, and copy from the other brokers. What the others hold stays. */
  rejoining: string[];
  /** URNs to remove from the state, so that the next `up` makes their objects again. */
  urns: Set<string>;
  /** Ids of containers, and names of volumes, to remove because they can no longer be used. */
  containers: string[];
  volumes: string[];
  /** Ids of stopped containers that can be started. */
  stopped: string[];
  /** Ids of paused containers. */
  paused: string[];
  /** Containers that somebody renamed, with their declared names. The state knows containers by their ids. */
  renamed: { id: string; name: string }[];
  /** Containers that somebody disconnected from their network, with the aliases by which other containers find them there. */
  detached: { id: string; network: string; aliases: string[] }[];
}

/**
 * Pure: which of the resources the engine lacks, and what follows from that.
 *
 * @param mayCopy whether a broker whose volume is lost may copy from the others. Where it may not, all of Kafka begins anew
 * @throws when the database is gone and the topics are not
 */
export function differenceOf(resources: readonly Resource[], there: Inventory, mayCopy = true): Difference {
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
  const lostBrokers = rest.filter((volume) => isBrokers(volume) && lost(volume));
  const rejoining = mayCopy && mayRejoin(resources, lostBrokers, there) ? lostBrokers : [];
  const volumeLost = lostBrokers.length > rejoining.length;
  const brokerLost = volumeLost || isHalfABroker(rest, there);
  const useless = brokerLost ? rest.filter((volume) => !lost(volume)) : [];
  // Half a broker is what a stop has left, and whoever has stopped the stack wants none of it.
  const topicVolumes = volumeLost ? useless.filter(holdsTopics) : [];
  const names = [...gone].map(resourceName).sort();
  for (const volume of useless) gone.add(volume);
  const goneNames = new Set([...gone].filter(({ type }) => type === NETWORK || type === VOLUME).map(resourceName));
  // An existing container keeps its mounts and the id of its network. When one of these is gone, it can never run again.
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
  // The topics of a broker that copies from the others are still there.
  const stay = new Set(rejoining.map(({ urn }) => urn));
  for (const { urn, deletedWith } of real)
    if (deletedWith !== undefined && urns.has(deletedWith) && !stay.has(deletedWith)) urns.add(urn);
  return {
    names,
    useless: [...useless, ...stranded].map(resourceName).sort(),
    topicVolumes: topicVolumes.map(resourceName).sort(),
    rejoining: rejoining.map(resourceName),
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

/**
 * Sorts the volumes into the database's and the others. When the topics are lost, the database still has its rows, and the connector reads them
 * again. When the database is lost, the topics may have the last copy of its rows.
 */
function byWorth(volumes: readonly Resource[]): { database?: Resource; rest: Resource[] } {
  const isDatabase = (volume: Resource) => resourceName(volume).endsWith("-postgres-data");
  return { database: volumes.find(isDatabase), rest: volumes.filter((volume) => !isDatabase(volume)) };
}

export function isBrokers(volume: Resource): boolean {
  return holdsTopics(volume) || resourceName(volume).endsWith("-zookeeper-data");
}

/**
 * Whether ZooKeeper's volume is there without the broker's, or the broker's without ZooKeeper's: a stop was killed between the two. ZooKeeper would
 * still list topics that are gone, and a broker refuses a ZooKeeper that is not its own.
 */
function isHalfABroker(volumes: readonly Resource[], { volumeNames }: Inventory): boolean {
  const brokers = volumes.filter(holdsTopics);
  const zooKeeper = volumes.find((volume) => isBrokers(volume) && !holdsTopics(volume));
  // A volume that the engine has and the state does not know counts as there.
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

/** Whether an image that is built here is missing. The engine finds or pulls all others. */
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
