import { readFileSync } from "node:fs";

/**
 * The npm packages to which files belong, as `name@version`, one a line in a fixed order. They are what a bundle contains, for its bill of materials.
 *
 * @param inputs paths relative to the project; files that belong to no package are the project's own
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
