/** Brokers whose volume alone is lost, in a cluster whose other brokers may have all records. Pure. */
import { COORDINATION_LABEL } from "../../components/container/labels";
import { CONTAINER, NETWORK, type Resource, VOLUME } from "../stack/deployment";
import type { Inventory } from "./inventory";

/** The id in Kafka of the broker of a volume; undefined for another volume. */
export function brokerId(volume: string): number | undefined {
  const [found, digits = "1"] = /-kafka(?:-(\d+))?-data$/.exec(volume) ?? [];
  return found === undefined ? undefined : Number(digits);
}

/**
 * Whether these brokers may begin with empty volumes and copy from the others: fewer than half are lost, and nothing else of the cluster, so that the others can be
 * asked whether they have all.
 *
 * @param resources of the state
 * @param lost volumes of brokers and of ZooKeeper that are lost
 */
export function mayRejoin(resources: readonly Resource[], lost: readonly Resource[], there: Inventory): boolean {
  const name = ({ inputs, id = "" }: Resource) => inputs?.name ?? id;
  const real = resources.filter(({ id }) => id !== undefined);
  const brokers = real.filter((each) => each.type === VOLUME && brokerId(name(each)) !== undefined);
  const isLost = (volume: string) => lost.some((each) => name(each) === volume);
  // Without ZooKeeper the first broker would begin a cluster of its own.
  const canBegin = (volume: Resource) =>
    brokerId(name(volume)) !== 1 || !(volume.inputs?.labels ?? []).some(({ label }) => label === COORDINATION_LABEL);
  const containerOf = (volume: string) =>
    real.find(({ type, inputs }) => type === CONTAINER && inputs?.volumes?.some((each) => each.volumeName === volume));
  const runs = (volume: string) => there.containers.has(containerOf(volume)?.id ?? "");
  return (
    lost.length > 0 &&
    lost.length * 2 < brokers.length &&
    lost.every((volume) => brokers.includes(volume) && canBegin(volume)) &&
    // The engine makes an empty volume for a container that it starts; then it is not known what the broker has done with it.
    lost.every((volume) => !there.strayVolumes.has(name(volume)) && !runs(name(volume))) &&
    brokers.every((volume) => isLost(name(volume)) || runs(name(volume))) &&
    real.every(({ type, id }) => type !== NETWORK || there.networkIds.has(id!))
  );
}
