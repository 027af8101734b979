/** Images that settings name: one that is built or pulled again keeps its name, and is another image. */
import { IMAGE_LABEL } from "../container/labels";
import { docker } from "../engine";
import type { ListedContainer } from "../preflight/engine-lists";

/** By name with tag, the id of an image that the engine has. */
export type ImageIds = { readonly [name: string]: string };

/** @param names with tag, of images that the engine has */
export async function readImageIds(names: readonly string[], ask = docker): Promise<ImageIds> {
  if (names.length === 0) return {};
  const text = await ask(["image", "inspect", "--format", "{{.Id}}", ...names], 20_000);
  const ids = text.trim().split("\n");
  return Object.fromEntries(names.map((name, at) => [name, ids[at]!]));
}

/** Pure: the label of a container; none for an image that is built here, whose name has the hash of its content. */
export function imageLabels(name: string, ids: ImageIds = {}): Record<string, string> {
  const id = ids[name];
  return id === undefined ? {} : { [IMAGE_LABEL]: `${name}@${id}` };
}

/** Pure: a sentence for each image that is another one now than that of the stack's containers. */
export function renewedImages(
  prefix: string,
  ids: ImageIds,
  containers: readonly Pick<ListedContainer, "name" | "stack" | "image">[],
): string[] {
  const own = containers.filter(({ stack }) => stack === prefix);
  return Object.entries(ids).flatMap(([name, id]) => {
    const of = own.filter(({ image = "" }) => image.startsWith(`${name}@`) && image !== `${name}@${id}`);
    if (of.length === 0) return [];
    const names = of.map((container) => container.name).sort();
    return [
      `The image ${name} is another one than that of ${names.join(", ")}: the next \`up\` makes ${of.length > 1 ? "these" : "it"} anew.`,
    ];
  });
}
