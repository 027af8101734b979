/**
 * Whether the cluster in the stack's volume is one that an image's server will find and can read. A server that finds none
 * makes an empty one beside it, and the rows would look lost.
 */
import { docker } from "../engine";
import type { MadeDatabase } from "./first-start";
import { type PostgresImage, postgresImageOf } from "../images/postgres-image";
import type { Settings } from "../settings/settings";

type ClusterSettings = Pick<Settings, "prefix" | "database" | "user" | "captureName" | "postgresImage">;

/**
 * @param made the stack's container, undefined without one
 * @returns a sentence when the rows in the volume would not be seen
 */
export async function misplacedCluster(
  settings: ClusterSettings,
  made: MadeDatabase | undefined,
  wanted: PostgresImage,
): Promise<string | undefined> {
  if (made !== undefined && isLike(postgresImageOf({ Env: made.environment }), wanted)) return undefined;
  const volume = `${settings.prefix}-postgres-data`;
  if (made === undefined && !(await exists(volume))) return undefined;
  const image = made?.image ?? settings.postgresImage;
  // Only without a container and with an image that is still to be built: its entrypoint looks then.
  if (image === "") return undefined;
  return misfit(await clustersIn(volume, image), wanted, settings);
}

/** Where the server looks for its cluster, and which one it can read. A usual run asks nothing more. */
function isLike(one: PostgresImage, other: PostgresImage): boolean {
  const place = (image: PostgresImage) => `${image.dataPath}/${image.cluster}`.replace(/\/$/, "");
  return place(one) === place(other) && one.major === other.major;
}

async function exists(volume: string): Promise<boolean> {
  return docker(["volume", "inspect", "--format", "{{.Name}}", volume], 20_000).then(
    () => true,
    () => false,
  );
}

/** Majors of the clusters in a volume, by their folders within it. @param image any that has find and grep */
async function clustersIn(volume: string, image: string): Promise<Map<string, string>> {
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

/** Pure. */
export function misfit(
  found: ReadonlyMap<string, string>,
  wanted: PostgresImage,
  { prefix, database, user, captureName, postgresImage }: ClusterSettings,
): string | undefined {
  const there = found.get(wanted.cluster);
  if (found.size === 0 || (there !== undefined && there === (wanted.major ?? there))) return undefined;
  const held = [...found].map(([folder, major]) => `PostgreSQL ${major}${folder && ` in ${folder}`}`).join(" and ");
  const image = postgresImage === "" ? "images/postgres" : `cdc:postgresImage "${postgresImage}"`;
  const server = `PostgreSQL${wanted.major ? ` ${wanted.major}` : ""}`;
  const dump =
    `docker exec ${prefix}-postgres pg_dump --username=${user} --exclude-schema=${captureName} --no-publications ` +
    `${database} > rows/dump.sql`;
  return (
    `${image} brings ${server}, which looks for its cluster ${wanted.cluster ? `in ${wanted.cluster} of` : "in"} the volume ` +
    `${prefix}-postgres-data, and that holds the cluster of ${held}: it would not be read, and an empty database would stand in ` +
    "its place. Nothing was changed. Set the image back to keep the database. To take its rows along, set it back, and with the " +
    `stack up \`mkdir rows && ${dump}\`, \`npm stop\`, \`pulumi config set initFolder rows\`, set the image again, \`npm start\`.`
  );
}
