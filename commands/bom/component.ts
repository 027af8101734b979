/** One part of an image, or of the tools that make one. */
export interface Component {
  /** Maven's group, npm's scope. */
  group?: string;
  name: string;
  version: string;
  /** Package URL, which also names the registry: `pkg:maven/org.apache.kafka/kafka-clients@3.9.2`. */
  purl: string;
  /** Digest of the file in the image, in hexadecimal, for a component that is one file. */
  sha256?: string;
}

/** Pure: a Maven artifact from `group:artifact:version`. */
export function mavenComponent(coordinates: string): Component {
  const [group = "", name = "", version = ""] = coordinates.split(":");
  return { group, name, version, purl: `pkg:maven/${encode(group)}/${encode(name)}@${encode(version)}` };
}

/** Pure: an npm package from `@scope/name@version`. */
export function npmComponent(text: string): Component {
  const at = text.lastIndexOf("@");
  const [full, version] = [text.slice(0, at), text.slice(at + 1)];
  const [group, name] = full.startsWith("@") ? (full.split("/") as [string, string]) : [undefined, full];
  const path = group === undefined ? encode(name) : `${encode(group)}/${encode(name)}`;
  return { ...(group !== undefined && { group }), name, version, purl: `pkg:npm/${path}@${encode(version)}` };
}

/** Pure: a package of a distribution, for example `debian` with `deb`. */
export function systemComponent(
  kind: "deb" | "apk",
  distribution: { id: string; version: string },
  { name, version, architecture }: { name: string; version: string; architecture: string },
): Component {
  const { id, version: release } = distribution;
  const qualifiers = `arch=${encode(architecture)}&distro=${encode(`${id}-${release}`)}`;
  return { name, version, purl: `pkg:${kind}/${encode(id)}/${encode(name)}@${encode(version)}?${qualifiers}` };
}

/** Pure: a component that is in no registry. */
export function otherComponent(name: string, version: string): Component {
  return { name, version, purl: `pkg:generic/${encode(name)}@${encode(version)}` };
}

/** Pure: `group:artifact:version` of each line, comments left out. */
export function listedLibraries(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** Encodes text for a package URL, where a colon stays as it is. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}
