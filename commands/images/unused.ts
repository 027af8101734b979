/** Removes images that nothing uses any more. Each edit makes another image, and the engine keeps the old ones. */
import { chosenImages } from "../../components/images/chosen-images";
import { CHECKOUT_LABEL, newestPackages, parseBuilt } from "../../components/images/image-names";
import { isAlive } from "../../program/alive.cjs";
import { docker } from "../processes/docker";
import { CONTAINER, IMAGE } from "../stack/deployment";
import { allStateResources } from "../stack/local-backend";

/** Number of unused images that are kept in each repository, so that an edit that is taken back needs no build. */
const KEPT = 2;

/**
 * Removes images that this checkout has built, from which no container was made, and that no stack or run of it knows.
 *
 * @returns the names of the removed images
 */
export async function removeUnused(): Promise<string[]> {
  const filter = `label=${CHECKOUT_LABEL}=${process.cwd()}`;
  const [own, used] = await Promise.all([
    docker("image", "ls", "--filter", filter, "--format", "{{.Repository}}:{{.Tag}}"),
    docker("ps", "--all", "--no-trunc", "--format", "{{.Image}}"),
  ]);
  const known = allStateResources()
    .filter(({ type }) => type === IMAGE || type === CONTAINER)
    .flatMap(({ inputs }) => [inputs?.name, inputs?.image])
    .concat(chosenImages(isAlive));
  const removed: string[] = [];
  for (const name of unusedOf(lines(own), new Set([...lines(used), ...known.filter((each) => each !== undefined)]))) {
    // By name and without force, so that the engine keeps an image from which somebody else has made a container meanwhile.
    await docker("image", "rm", name).then(
      () => removed.push(name),
      () => undefined,
    );
  }
  return removed;
}

/**
 * Pure: the images to remove.
 *
 * @param own names with tags of images that this checkout has built, the newest first; others' images among them are ignored
 * @param used names with tags
 */
export function unusedOf(own: readonly string[], used: ReadonlySet<string>): string[] {
  const kept = new Map<string, number>();
  return own.filter((name) => {
    const built = parseBuilt(name);
    if (built === undefined || used.has(name)) return false;
    // An image with packages from before a rebuild is never used again.
    if (built.packages < newestPackages(built.repository, own)) return true;
    const before = kept.get(built.repository) ?? 0;
    kept.set(built.repository, before + 1);
    return before >= KEPT;
  });
}

function lines(text: string): string[] {
  return text.split("\n").filter(Boolean);
}
