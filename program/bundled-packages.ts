import { readFileSync } from "node:fs";

/**
 * The npm packages that files belong to, as `name@version`, one a line in a fixed order: what a bundle brings along, for its bill
 * of materials.
 *
 * @param inputs paths relative to the project; those that belong to no package are the project's own
 */
export function packagesOf(inputs: readonly string[]): string {
  const folders = inputs.flatMap(
    (input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll("\\", "/"))?.[1] ?? [],
  );
  const names = [...new Set(folders)].map((folder) => {
    const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as Record<string, string>;
    return `${name}@${version}`;
  });
  return [...new Set(names)]
    .sort()
    .map((name) => `${name}\n`)
    .join("");
}
