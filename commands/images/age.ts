/** Age of the packages in an image. The image's own time is that of its last layer, and each edit of a handler makes such a layer. */
import { docker } from "../../components/engine";
import { parseBuilt } from "../../components/images/image-names";
import { stateResources } from "../stack/local-backend";
import { thisStack } from "../stack/this-stack";
import { CONTAINER } from "../stack/deployment";
import { elapsed } from "../look/amounts";

/** The age in milliseconds from which packages are old: Debian's fixes reach an image only when it is built. */
export const OLD_MS = 30 * 24 * 3600 * 1000;

/** @returns when the packages of an image were installed, in milliseconds since 1970; for an image without packages, when it was made */
export async function packagesTaken(image: string, deadlineMs: number): Promise<number> {
  const format = "{{.CreatedAt}}\t{{.CreatedBy}}";
  const args = ["history", "--no-trunc", "--human=false", "--format", format, image];
  return newestPackageLayer(await docker(args, deadlineMs));
}

/**
 * Pure: when the newest layer with packages was made, in milliseconds since 1970.
 *
 * @param history lines of `docker history`, the newest layer first, such as `2026-01-02T03:04:05Z<TAB>RUN /bin/sh -c apt-get update`
 */
export function newestPackageLayer(history: string): number {
  const layers = history.split("\n").map((line) => line.split("\t"));
  const [at = ""] = layers.find(([, by = ""]) => by.includes("apt-get update")) ?? layers[0] ?? [];
  return Date.parse(at);
}

/** A sentence for each image of the stack's containers whose packages are old. @param now milliseconds since 1970 */
export async function oldImages(now: number): Promise<string[]> {
  const containers = stateResources(await thisStack()).filter(({ type }) => type === CONTAINER);
  // Only images that are built here. Somebody else builds the others.
  const names = new Set(containers.flatMap(({ inputs }) => inputs?.image ?? []).filter((name) => parseBuilt(name)));
  const ages = await Promise.all(
    [...names].map(async (name) => ({ name, age: now - (await packagesTaken(name, 20_000)) })),
  );
  return ages.filter(({ age }) => age > OLD_MS).map(({ name, age }) => `${name} has packages of ${elapsed(age)} ago.`);
}
