/** What a container of Postgres needs, by the image it is made from: ours, an official one, or one that is made from either. */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { docker } from "../engine";
import { packagePath } from "../../program/package-root";

export interface PostgresImage {
  /** Where the volume goes. Official images moved it to `/var/lib/postgresql` with PostgreSQL 18. */
  dataPath: string;
  /** Where in the volume the server looks for its cluster, as a path; empty: the volume is the cluster. */
  cluster: string;
  /** As in `17`; undefined: the image does not say. */
  major: string | undefined;
  /** What its entrypoint may do, beyond what every container may. */
  capabilities: string[];
}

/** What of an image's config is read here. */
export interface ImageConfig {
  User?: string;
  Env?: string[] | null;
  Volumes?: Record<string, unknown> | null;
}

const DATA_PATH = "/var/lib/postgresql/data";

/** An entrypoint that starts as root gives the data folder to the server's user, looks into it, and becomes that user. */
const STEPPING_DOWN = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"];

/** Pure. */
export function postgresImageOf({ User = "", Env, Volumes }: ImageConfig): PostgresImage {
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
  };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** That of images/postgres, which may not be built yet. */
export function ownPostgresImage(): PostgresImage {
  const [, path = DATA_PATH] =
    /PGDATA=(\S+)/.exec(readFileSync(packagePath("images/postgres/Dockerfile"), "utf8")) ?? [];
  return postgresImageOf({ User: "postgres", Env: [`PGDATA=${path}`] });
}

/**
 * That of `cdc:postgresImage`, which is pulled when the engine has not got it: what its container needs is in it.
 *
 * @param name with tag; empty: images/postgres
 * @throws pulumi.RunError when it cannot be had
 */
export async function readPostgresImage(name: string): Promise<PostgresImage> {
  if (name === "") return ownPostgresImage();
  const inspect = () => docker(["image", "inspect", "--format", "{{json .Config}}", name], 20_000);
  const config = await inspect().catch(() => pull(name).then(inspect));
  return postgresImageOf(JSON.parse(config) as ImageConfig);
}

async function pull(name: string): Promise<void> {
  void pulumi.log.info(`pulling ${name} (cdc:postgresImage)`);
  await docker(["pull", "--quiet", name]).catch((error: Error) => {
    throw new pulumi.RunError(
      `cdc:postgresImage is "${name}", which the engine has not got, and which could not be pulled: ${error.message}. ` +
        "Name one that it can have, or build it first.",
    );
  });
}
