/** What a container of Postgres needs for its image: this project's own, an official one, or one that is made from either. */
import type { PostgresVersion } from "../pipeline/pipeline-args";
import type { ImageArgs } from "./images";
import { namedImage } from "./named-image";

export interface PostgresImage {
  /** The path at which the volume is mounted. Official images moved it to `/var/lib/postgresql` with PostgreSQL 18. */
  dataPath: string;
  /** Path of the cluster within the volume; empty when the volume is the cluster. */
  cluster: string;
  /** Major version, as in `17`; undefined when the image does not say. */
  major: string | undefined;
  /** Linux capabilities that its entrypoint needs beside those of every container. */
  capabilities: string[];
  /** Whether a new container sets the superuser's password in a cluster that exists already. */
  takesPassword: boolean;
}

/** The part of an image's config that is read here. */
export interface ImageConfig {
  User?: string;
  Entrypoint?: string[] | null;
  Env?: string[] | null;
  Volumes?: Record<string, unknown> | null;
}

/** The entrypoint of images/postgres, and of images made from it. */
const OWN_ENTRYPOINT = "/usr/local/bin/entrypoint.sh";

const DATA_PATH = "/var/lib/postgresql/data";

/** For an entrypoint that starts as root: it gives the data folder to the server's user, looks into it, and becomes that user. */
const STEPPING_DOWN = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"];

/** Pure. */
export function postgresImageOf({ User = "", Entrypoint, Env, Volumes }: ImageConfig): PostgresImage {
  const environment = new Map((Env ?? []).map((pair) => pair.split(/=(.*)/s) as [string, string]));
  const cluster = environment.get("PGDATA")?.replace(/\/+$/, "") || DATA_PATH;
  const declared = Object.keys(Volumes ?? {}).filter((path) => isWithin(cluster, path));
  const dataPath =
    declared.sort((a, b) => b.length - a.length)[0] ?? (isWithin(cluster, DATA_PATH) ? DATA_PATH : cluster);
  const [user = ""] = User.split(":");
  return {
    dataPath,
    cluster: cluster.slice(dataPath.length + 1),
    major: environment.get("PG_MAJOR") ?? /\/(\d+)(\/|$)/.exec(cluster)?.[1],
    capabilities: ["", "0", "root"].includes(user) ? STEPPING_DOWN : [],
    takesPassword: (Entrypoint ?? []).includes(OWN_ENTRYPOINT),
  };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Pure: how images/postgres is built for a version. */
export function postgresBuild(version: PostgresVersion): Pick<ImageArgs, "built" | "buildArgs"> {
  return version === 17 ? { built: "postgres" } : { built: "postgres-18", buildArgs: { POSTGRES_MAJOR: "18" } };
}

/** Pure: what a container of images/postgres needs; the image may not be built yet. */
export function ownPostgresImage(version: PostgresVersion): PostgresImage {
  const Env = [`PGDATA=${DATA_PATH}/${version}`];
  return postgresImageOf({ User: "postgres", Entrypoint: [OWN_ENTRYPOINT], Env });
}

/**
 * What a container of `cdc:postgresImage` needs, from the image's config. The image is pulled when the engine does not have it.
 *
 * @param name with tag; empty: images/postgres
 * @param version of images/postgres
 * @throws pulumi.RunError when the image cannot be pulled
 */
export async function readPostgresImage(name: string, version: PostgresVersion): Promise<PostgresImage> {
  if (name === "") return ownPostgresImage(version);
  return postgresImageOf(JSON.parse(await namedImage("postgresImage", name)) as ImageConfig);
}
