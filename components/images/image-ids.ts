/** Images that settings name: one that is built or pulled again keeps its name, and is another image. */
import { IMAGE_LABEL, STACK_LABEL } from "../container/labels";
import { docker } from "../engine";

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

/** A sentence for each image that is another one now than that of the stack's containers. */
export async function renewedImages(prefix: string, ids: ImageIds, ask = docker): Promise<string[]> {
  if (Object.keys(ids).length === 0) return [];
  const format = `{{.Names}}\t{{.Label "${IMAGE_LABEL}"}}`;
  const text = await ask(["ps", "--all", "--filter", `label=${STACK_LABEL}=${prefix}`, "--format", format], 20_000);
  const containers = text.split("\n").map((line) => line.split("\t") as [name: string, label?: string]);
  return Object.entries(ids).flatMap(([name, id]) => {
    const of = containers.filter(([, label = ""]) => label.startsWith(`${name}@`) && label !== `${name}@${id}`);
    if (of.length === 0) return [];
    const names = of.map(([container]) => container).sort();
    return [
      `The image ${name} is another one than that of ${names.join(", ")}: the next \`up\` makes ${of.length > 1 ? "these" : "it"} anew.`,
    ];
  });
}
