/** How old the packages in an image are. An image's own time is that of its last layer, and each edit of a handler makes one. */
import { docker } from "../../components/engine";
import { parseBuilt } from "../../components/images/image-names";
import { stateResources } from "../stack/local-backend";
import { CONTAINER } from "../stack/deployment";
import { elapsed } from "../look/amounts";

/** Debian's fixes reach an image only when it is built. */
export const OLD_MS = 30 * 24 * 3600 * 1000;

/** @returns when the packages of an image were taken, in milliseconds since 1970; of one without packages, when it was made */
export async function packagesTaken(image: string, deadlineMs: number): Promise<number> {
  const format = "{{.CreatedAt}}\t{{.CreatedBy}}";
  const args = ["history", "--no-trunc", "--human=false", "--format", format, image];
  return newestPackageLayer(await docker(args, deadlineMs));
}

/** Pure: from `docker history`'s lines, the newest layer first, as in `2026-01-02T03:04:05Z<TAB>RUN /bin/sh -c apt-get update`. */
export function newestPackageLayer(history: string): number {
  const layers = history.split("\n").map((line) => line.split("\t"));
  const [at = ""] = layers.find(([, by = ""]) => by.includes("apt-get update")) ?? layers[0] ?? [];
  return Date.parse(at);
}

/** A sentence for each image of the stack's containers whose packages are old. @param now milliseconds since 1970 */
export async function oldImages(now: number): Promise<string[]> {
  const containers = stateResources().filter(({ type }) => type === CONTAINER);
  // Those of the person's own have a maker of their own.
  const names = new Set(containers.flatMap(({ inputs }) => inputs?.image ?? []).filter((name) => parseBuilt(name)));
  const ages = await Promise.all(
    [...names].map(async (name) => ({ name, age: now - (await packagesTaken(name, 20_000)) })),
  );
  return ages.filter(({ age }) => age > OLD_MS).map(({ name, age }) => `${name} has packages of ${elapsed(age)} ago.`);
}
