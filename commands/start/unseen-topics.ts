import { CONTAINER, type Resource, TOPIC, VOLUME } from "../stack/deployment";

/**
 * Pure: whether the broker's volume may hold topics that the state does not know, with no broker that could be asked. A stop
 * that was killed leaves that: the topics leave the state first, and the volume is the last to go.
 */
export function hasUnseenTopics(resources: readonly Resource[]): boolean {
  const has = (type: string, end: string): boolean =>
    resources.some((resource) => resource.type === type && (resource.inputs?.name ?? "").endsWith(end));
  return has(VOLUME, "-kafka-data") && !has(CONTAINER, "-kafka") && !resources.some(({ type }) => type === TOPIC);
}
