/** Objects of the Docker engine that have the names of the state's objects, but are other objects. */
import { othersText } from "../../components/preflight/other-containers";
import { CONTAINER, NETWORK, type Resource } from "../stack/deployment";
import { resourceName } from "./difference";
import type { Inventory } from "./inventory";

/**
 * Pure: names in the state that belong to objects with other ids in the engine. Then the state was written with another engine, or another clone of
 * the project has made the objects.
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
