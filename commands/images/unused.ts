/** Images that are built here stay after an edit, one of each. What nothing uses any more is removed. */
import { chosenImages } from "../../components/images/chosen-images";
import { CHECKOUT_LABEL, newestPackages, parseBuilt } from "../../components/images/image-names";
import { isAlive } from "../../program/alive.cjs";
import { docker } from "../processes/docker";
import { CONTAINER, IMAGE } from "../stack/deployment";
import { allStateResources } from "../stack/local-backend";

/** Of each repository, so many that nothing uses are kept: an edit that is taken back needs no build. */
const KEPT = 2;

/**
 * Removes images that this checkout has built, that no container was made from, and that no stack or run of it knows.
 *
 * @returns their names
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
    // By name and without force: the engine refuses one that a container of another kind was made from meanwhile.
    await docker("image", "rm", name).then(
      () => removed.push(name),
      () => undefined,
    );
  }
  return removed;
}

/**
 * Pure: which images are to go.
 *
 * @param own names with tag of what this checkout has built, the newest first; others' names among them are left alone
 * @param used names with tag
 */
export function unusedOf(own: readonly string[], used: ReadonlySet<string>): string[] {
  const kept = new Map<string, number>();
  return own.filter((name) => {
    const built = parseBuilt(name);
    if (built === undefined || used.has(name)) return false;
    // One with packages of before a rebuild is never taken again.
    if (built.packages < newestPackages(built.repository, own)) return true;
    const before = kept.get(built.repository) ?? 0;
    kept.set(built.repository, before + 1);
    return before >= KEPT;
  });
}

function lines(text: string): string[] {
  return text.split("\n").filter(Boolean);
}
