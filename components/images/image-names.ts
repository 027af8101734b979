/**
 * Names of images that are built here: `cdc/kafka:0123456789ab` with a hash of their folder's content, and
 * `cdc/kafka:0123456789ab-20260102030405` after `npm run rebuild` has taken Debian's packages of that time.
 */
export interface BuiltName {
  repository: string;
  content: string;
  /** When Debian's packages were taken, `YYYYMMDDhhmmss` in UTC; empty when that was at the first build. */
  packages: string;
}

/** Label of an image that is built here: the path of the checkout that built it. Images made from it inherit the label, so the name counts too. */
export const CHECKOUT_LABEL = "cdc.checkout";

/** The images that are built here: each from a folder of that name, or from the program; `kafka-kraft` from that of `kafka`, `postgres-18` from that of `postgres`.
 * `connect` is `kafka` with further plugins. */
export const BUILT_IMAGES = ["kafka", "kafka-kraft", "connect", "postgres", "postgres-18", "consumer"] as const;
export type BuiltImage = (typeof BUILT_IMAGES)[number];

export function repositoryOf(image: BuiltImage): string {
  return `cdc/${image}`;
}

const BUILT = new RegExp(`^(cdc/(?:${BUILT_IMAGES.join("|")})):([0-9a-f]{12})(?:-(\\d{14}))?$`);

/** Pure: undefined for a name of another image. */
export function parseBuilt(name: string): BuiltName | undefined {
  const [, repository, content, packages = ""] = BUILT.exec(name) ?? [];
  return repository === undefined || content === undefined ? undefined : { repository, content, packages };
}

/** Pure: the newest date of packages among a repository's images, whatever their content. The next build takes no older packages. */
export function newestPackages(repository: string, names: Iterable<string>): string {
  let newest = "";
  for (const name of names) {
    const built = parseBuilt(name);
    if (built?.repository === repository && built.packages > newest) newest = built.packages;
  }
  return newest;
}

/** Pure: the tag. */
export function tagOf({ content, packages }: Pick<BuiltName, "content" | "packages">): string {
  return packages === "" ? content : `${content}-${packages}`;
}

/** The environment variable by which `npm run rebuild` tells the program what to rebuild: `20260102030405 kafka postgres`. */
export const REBUILD_VARIABLE = "CDC_REBUILD";

/** Pure: the variable's value. */
export function rebuildText(at: Date, images: readonly BuiltImage[]): string {
  return [at.toISOString().replace(/\D/g, "").slice(0, 14), ...images].join(" ");
}

/** Pure: by repository, the time of the packages that its image is to have. */
export function parseRebuild(text: string | undefined): ReadonlyMap<string, string> {
  const [at = "", ...images] = (text ?? "").split(" ").filter(Boolean);
  return new Map(images.map((image) => [repositoryOf(image as BuiltImage), at]));
}
