/**
 * Whether an image's server will find the cluster in the stack's volume, and can read it. A server that finds no cluster
 * makes an empty one beside it, and the rows would look lost.
 */
import { docker } from "../engine";
import type { EngineLists } from "./engine-lists";
import type { MadeDatabase } from "./first-start";
import { parseBuilt, repositoryOf } from "../images/image-names";
import { type PostgresImage, postgresImageOf } from "../images/postgres-image";
import type { Settings } from "../settings/settings";

/** The environment variable by which `npm run upgrade-postgres` has the program looked at before: the cluster will be the one that fits. */
export const BEFORE_UPGRADE = "CDC_BEFORE_UPGRADE";

type ClusterSettings = Pick<
  Settings,
  "prefix" | "database" | "user" | "captureName" | "postgresImage" | "postgresVersion"
>;

/**
 * @param made the stack's container, undefined without one
 * @returns a sentence when the rows in the volume would not be seen
 */
export async function misplacedCluster(
  settings: ClusterSettings,
  made: MadeDatabase | undefined,
  wanted: PostgresImage,
  lists: EngineLists,
): Promise<string | undefined> {
  if (process.env[BEFORE_UPGRADE] !== undefined) return undefined;
  const now = made && postgresImageOf({ Env: made.environment });
  if (now && isLike(now, wanted)) return undefined;
  const volume = `${settings.prefix}-postgres-data`;
  if (made === undefined && !(await lists.volumes()).some(({ name }) => name === volume)) return undefined;
  const ours = [...(await lists.images())].find((name) =>
    parseBuilt(name)?.repository.startsWith(repositoryOf("postgres")),
  );
  const image = made?.image ?? (settings.postgresImage || ours);
  // Nothing has been built here yet that could look: the image's entrypoint does then.
  if (image === undefined) return undefined;
  return misfit(await clustersIn(volume, image), wanted, settings, now?.cluster);
}

/** Where the server looks for its cluster, and which one it can read. A usual run asks nothing more. */
function isLike(one: PostgresImage, other: PostgresImage): boolean {
  const place = (image: PostgresImage) => `${image.dataPath}/${image.cluster}`.replace(/\/$/, "");
  return place(one) === place(other) && one.major === other.major;
}

/** Majors of the clusters in a volume, by their folders within it. @param image any that has find and grep */
export async function clustersIn(volume: string, image: string): Promise<Map<string, string>> {
  const rights = ["--network", "none", "--user", "0", "--cap-drop", "ALL", "--cap-add", "DAC_OVERRIDE"];
  const find = ["/volume", "-maxdepth", "3", "-name", "PG_VERSION", "-exec", "grep", "-H", ".", "{}", "+"];
  const mount = ["--volume", `${volume}:/volume:ro`, "--entrypoint", "find"];
  return parseClusters(await docker(["run", "--rm", "--pull", "never", ...rights, ...mount, image, ...find], 60_000));
}

/** Pure: from lines as in `/volume/18/docker/PG_VERSION:18`. */
export function parseClusters(text: string): Map<string, string> {
  const found = [...text.matchAll(/^\/volume\/(?:(.*)\/)?PG_VERSION:(\S+)$/gm)].map(
    ([, folder = "", major = ""]) => [folder, major] as const,
  );
  // Each database of a cluster has such a file as well, and so has what a killed first start has left.
  return new Map(found.filter(([folder]) => !/(^|\/)base\/\d+$|\.initializing$/.test(folder)));
}

/**
 * Pure.
 *
 * @param current folder of the cluster that the stack's container has now; undefined without a container
 */
export function misfit(
  found: ReadonlyMap<string, string>,
  wanted: PostgresImage,
  settings: ClusterSettings,
  current?: string,
): string | undefined {
  const there = found.get(wanted.cluster);
  const isRead = there !== undefined && there === (wanted.major ?? there);
  const isOther = current !== undefined && current !== wanted.cluster && found.has(current);
  if (found.size === 0 || (isRead && !isOther)) return undefined;
  const held = [...found]
    .sort()
    .map(([folder, major]) => `PostgreSQL ${major}${folder && ` in ${folder}`}`)
    .join(" and ");
  const { prefix, postgresImage, postgresVersion } = settings;
  const isOwn = postgresImage === "";
  const [setting, value] = isOwn ? ["postgresVersion", String(postgresVersion)] : ["postgresImage", postgresImage];
  const server = `PostgreSQL${wanted.major ? ` ${wanted.major}` : ""}`;
  const loss = isRead
    ? `what was written since to the one in ${current || "its root"} would not be seen`
    : "it would not be read, and an empty database would stand in its place";
  return (
    `cdc:${setting} ${JSON.stringify(value)} brings ${server}, which looks for its cluster ${wanted.cluster ? `in ${wanted.cluster} of` : "in"} ` +
    `the volume ${prefix}-postgres-data, and that holds the cluster of ${held}: ${loss}. Nothing was changed. ` +
    `Set ${setting} back to keep the database. ${wayAlong(found, wanted, settings)}`
  );
}

/** The way to keep the rows. */
function wayAlong(found: ReadonlyMap<string, string>, { cluster }: PostgresImage, settings: ClusterSettings): string {
  const { prefix, database, user, captureName, postgresImage, postgresVersion } = settings;
  const before = Number(cluster) - 1;
  if (postgresImage === "" && found.get(String(before)) === String(before) && !found.has(cluster)) {
    return "To take its rows along: `npm run upgrade-postgres` (docs/upgrading.md).";
  }
  const setting = postgresImage === "" ? `postgresVersion ${postgresVersion}` : "postgresImage";
  const dump =
    `docker exec ${prefix}-postgres pg_dump --username=${user} --exclude-schema=${captureName} --no-publications ` +
    `${database} > rows/dump.sql`;
  return (
    "To take its rows along, set it back, and with the " +
    `stack up \`mkdir rows && ${dump}\`, \`pulumi config set initFolder rows\`, \`pulumi preview\` (which refuses what is too large: ` +
    `docs/upgrading.md, "A large dump"), \`npm stop\`, set ${setting} again, \`npm start\`.`
  );
}
