/** `cdc:connectPlugins`: plugins of Kafka Connect beside Debezium's for Postgres. */
import { basename } from "node:path";

/** A folder with jars, unpacked from the publisher's archive, or a jar that needs no others. */
export interface FolderPlugin {
  /** Name of its folder in the image, below `/kafka/connect`. */
  name: string;
  /** The folder, or the jar. Relative to the folder that `pulumi` runs in. */
  folder: string;
}

/** One file from Maven: an archive, which is unpacked, or a jar that needs no others. */
export interface MavenPlugin {
  name: string;
  /** `group:artifact:version:packaging`, with `:classifier` if it has one, as Maven's dependency plugin takes it. */
  coordinates: string;
  packaging: (typeof PACKAGINGS)[number];
  /** SHA-256 of the file, 64 hexadecimal digits. */
  sha256: string;
}

export type ConnectPlugin = FolderPlugin | MavenPlugin;

const PACKAGINGS = ["jar", "zip", "tar.gz"] as const;
const PART = "[\\w.+-]+";
const MAVEN = new RegExp(
  `^(${PART}):(${PART}):(${PART})(?::(${PACKAGINGS.join("|").replace(".", "\\.")})(?::(${PART}))?)?(?:@(.*))?$`,
);
const ALLOWED =
  "a folder or a jar, as in ./plugins/mine, or group:artifact:version:packaging:classifier@sha256:…, the packaging being jar, zip or tar.gz";

/**
 * Pure.
 *
 * @param list entries separated by commas
 * @returns the plugins, and a sentence without its subject for each entry that is wrong
 */
export function parsePlugins(list: string): { plugins: ConnectPlugin[]; problems: string[] } {
  const entries = list.split(",").map((entry) => entry.trim());
  const read = entries.filter(Boolean).map(parsePlugin);
  const problems = read.filter((each) => typeof each === "string");
  const plugins = read.filter((each) => typeof each !== "string");
  const names = plugins.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
  return { plugins, problems: [...problems, ...twice.map((name) => ` names two plugins that are called ${name}.`)] };
}

function parsePlugin(entry: string): ConnectPlugin | string {
  if (isFolder(entry)) return { name: folderName(entry), folder: entry };
  const [, group, artifact, version, packaging = "jar", classifier, digest] = MAVEN.exec(entry) ?? [];
  if (group === undefined || artifact === undefined || version === undefined)
    return ` has "${entry}"; allowed: ${ALLOWED}.`;
  const file = `${artifact}-${version}${classifier === undefined ? "" : `-${classifier}`}.${packaging}`;
  const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(digest ?? "") ?? [];
  if (sha256 === undefined)
    return (
      ` has "${entry}" without what it is known by: put @sha256: and 64 hexadecimal digits behind it, as its publisher says ` +
      `them or \`sha256sum ${file}\` does.`
    );
  const coordinates = [group, artifact, version, packaging, classifier].filter(Boolean).join(":");
  return { name: artifact, coordinates, packaging: packaging as MavenPlugin["packaging"], sha256 };
}

/** Kafka Connect takes a folder whose name ends with .jar for a jar. */
function folderName(entry: string): string {
  return basename(entry).replace(/\.jar$/i, "");
}

/** Whether the entry is a folder or a jar: coordinates have no slash. */
function isFolder(entry: string): boolean {
  return !entry.includes("@") && (/[/\\]/.test(entry) || !entry.includes(":")) && /^\w[\w.+-]*$/.test(basename(entry));
}
