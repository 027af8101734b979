/**
 * Volumes with the stack's names and without its label that are not empty. The engine makes an unlabelled volume, empty, in place of a lost one. One with something
 * in it may be a copy that a person has put there.
 */
import { docker } from "../processes/docker";
import { type Resource, VOLUME } from "../stack/deployment";
import { resourceName } from "./difference";
import type { Inventory } from "./inventory";

/**
 * @param known resources of the stack in the state
 * @param command the command to run afterwards
 * @throws that names such a volume, with what makes it the stack's own
 */
export async function rejectCopies(
  known: readonly Resource[],
  there: Pick<Inventory, "strayVolumes" | "imageNames">,
  command: "npm start" | "npm stop",
): Promise<void> {
  const strays = known.filter((each) => each.type === VOLUME && there.strayVolumes.has(resourceName(each)));
  for (const stray of strays)
    if (!(await isEmpty(resourceName(stray), imageFor(known, there)))) throw new Error(copyText(stray, command));
}

/** Any image that has `find`; those that are built here have. */
function imageFor(known: readonly Resource[], { imageNames }: Pick<Inventory, "imageNames">): string {
  const used = known.flatMap(({ inputs }) => inputs?.image ?? inputs?.name ?? []);
  return used.find((name) => imageNames.has(name)) ?? "debian:trixie-slim";
}

/** One that cannot be looked into counts as not empty. */
async function isEmpty(volume: string, image: string): Promise<boolean> {
  const rights = ["--network", "none", "--user", "0", "--cap-drop", "ALL", "--cap-add", "DAC_OVERRIDE"];
  const mount = ["--volume", `${volume}:/volume:ro`, "--entrypoint", "find"];
  // A disk of its own has that folder from the start.
  const find = ["/volume", "-mindepth", "1", "-maxdepth", "1", "!", "-name", "lost+found", "-print", "-quit"];
  const found = await docker("run", "--rm", "--pull", "never", ...rights, ...mount, image, ...find).catch(() => "?");
  return found === "";
}

/** Pure. */
export function copyText(volume: Resource, command: "npm start" | "npm stop"): string {
  const name = resourceName(volume);
  const labels = (volume.inputs?.labels ?? []).map(({ label, value }) => ` --label ${label}=${value}`).join("");
  const all = command === "npm stop" ? " `npm stop -- --remove` takes it away with all else." : "";
  return [
    `The volume ${name} lacks the stack's label, and is not empty, or could not be looked into: it may be a copy that somebody has put there. Nothing was removed.${all}`,
    `Where it is not wanted, \`docker volume rm ${name}\`, then \`${command}\`. For the stack to go on with it, it needs the label, which a volume only gets when it is made:`,
    `  docker run --rm -v ${name}:/from:ro -v ${name}-copy:/to debian:trixie-slim cp -a /from/. /to`,
    `  docker volume rm ${name} && docker volume create${labels} ${name}`,
    `  docker run --rm -v ${name}-copy:/from:ro -v ${name}:/to debian:trixie-slim cp -a /from/. /to`,
  ].join("\n");
}
