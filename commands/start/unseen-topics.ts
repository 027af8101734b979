import { CONTAINER, type Resource, TOPIC, VOLUME } from "../stack/deployment";

/**
 * Pure: whether the broker's volume may hold topics that the state does not know, while no broker runs that could be asked. A stop that was killed
 * leaves this: the topics leave the state first, and the volume is removed last.
 */
export function hasUnseenTopics(resources: readonly Resource[]): boolean {
  const has = (type: string, end: string): boolean =>
    resources.some((resource) => resource.type === type && (resource.inputs?.name ?? "").endsWith(end));
  return has(VOLUME, "-kafka-data") && !has(CONTAINER, "-kafka") && !resources.some(({ type }) => type === TOPIC);
}
