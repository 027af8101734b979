/** The clusters in a stack's volume, and the run of pg_upgrade on them. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { madeDatabase } from "../../components/preflight/first-start";
import { CHECKOUT_LABEL, parseBuilt, repositoryOf } from "../../components/images/image-names";
import { builtName } from "../../components/images/images";
import type { PostgresVersion } from "../../components/pipeline/pipeline-args";
import { postgresBuild, postgresImageOf } from "../../components/images/postgres-image";
import { STACK_LABEL } from "../../components/container/labels";
import { docker, dockerApart } from "../processes/docker";
import { rejectEnded } from "../processes/signals";
import { upgradeContainer } from "./container";

/** The stack's Postgres, as its container was made. */
export interface Cluster {
  /** `<project>-<stack>` */
  prefix: string;
  container: string;
  image: string;
  volume: string;
  version: PostgresVersion;
  /** The stack's database, and the superuser. */
  database: string;
  user: string;
  /** Arguments of the server. */
  server: string[];
}

/** @throws when there is none, or when it is not one that this command may upgrade */
export async function clusterOf(prefix: string): Promise<Cluster> {
  const made = await madeDatabase(prefix);
  if (made === undefined) {
    throw new Error(
      `The stack ${prefix} has no database of its own that could be upgraded: \`npm start\` brings it up. One of cdc:databaseUrl ` +
        "is upgraded by whoever runs it.",
    );
  }
  if (!parseBuilt(made.image)?.repository.startsWith(repositoryOf("postgres"))) {
    throw new Error(
      `The stack's Postgres is of an image of your own (${made.image}), which says itself how its data are upgraded. ` +
        "docs/upgrading.md has the way by a dump.",
    );
  }
  const container = `${prefix}-postgres`;
  const command = await docker("inspect", "--format", "{{json .Config.Cmd}}", container);
  const { major } = postgresImageOf({ Env: made.environment });
  const { database, user } = made;
  return {
    ...{
      prefix,
      container,
      image: made.image,
      volume: `${prefix}-postgres-data`,
      version: Number(major) as PostgresVersion,
      database,
      user,
    },
    server: (JSON.parse(command) as string[]).slice(1),
  };
}

/** Builds the images of the upgrade and of the new server. @param signal ends a build @returns the upgrade's image, to be removed after the upgrade */
export async function buildImages(
  from: PostgresVersion,
  to: PostgresVersion,
  present: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string> {
  const context = "images/postgres";
  const { built, buildArgs } = postgresBuild(to);
  const { name, packages } = builtName({ built, context, present });
  const pairs = (flag: string, values: Record<string, string>) =>
    Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  const label = pairs("--label", { [CHECKOUT_LABEL]: process.cwd() });
  if (!present.has(name)) {
    await build(
      [...pairs("--build-arg", { PACKAGES_OF: packages, ...buildArgs }), ...label, "--tag", name, context],
      signal,
    );
  }
  const tag = upgradeImageOf(name);
  const parts = pairs("--build-arg", { SERVER: name, FROM_MAJOR: String(from) });
  await build([...parts, ...label, "--tag", tag, "images/postgres-upgrade"], signal);
  return tag;
}

/** Pure: name of the image that upgrades to the version of a server's image. */
function upgradeImageOf(server: string): string {
  return server.replace(":", "-upgrade:");
}

/** Pure: those of an engine's images that upgrade a cluster. */
export function upgradeImages(present: Iterable<string>): string[] {
  return [...present].filter((name) => parseBuilt(name.replace("-upgrade:", ":")) && name.includes("-upgrade:"));
}

/** Removes images that a killed upgrade has left. An image that another container still uses stays. */
export async function removeUpgradeImages(present: Iterable<string>): Promise<void> {
  for (const image of upgradeImages(present)) await docker("image", "rm", image).catch(() => undefined);
}

async function build(args: string[], signal: AbortSignal): Promise<void> {
  rejectEnded();
  await promisify(execFile)("docker", ["build", ...args], { maxBuffer: 1 << 26, signal }).catch(
    (cause: { stderr?: string; stdout?: string }) => {
      rejectEnded();
      const said = `${cause.stdout ?? ""}${cause.stderr ?? ""}`.trim().split("\n").slice(-12).join("\n");
      throw new Error(`The image could not be built, and nothing was changed:\n${said}`, { cause });
    },
  );
}

/** What the new server says of itself. */
export interface Upgraded {
  /** The position up to which each logical slot was read, in bytes from the log's beginning. */
  positions: Map<string, bigint>;
  /** Databases whose statistics could not be made, each with the reason. */
  unanalyzed: { database: string; reason: string }[];
}

/**
 * Runs pg_upgrade on the volume of a stopped server. The old cluster stays in the volume, as `17.before-18`.
 *
 * @param sql runs in the new cluster's database before anybody can reach it
 * @throws with the reason; what is in the volume then, `placeOf` says
 */
export async function upgradeVolume(
  image: string,
  cluster: Cluster,
  to: PostgresVersion,
  sql: string,
): Promise<Upgraded> {
  const { prefix, volume, version, user, database, server } = cluster;
  const name = upgradeContainer(prefix);
  const own = ["--rm", "--interactive", "--name", name, "--label", `${STACK_LABEL}=${prefix}`];
  const rights = [
    "--network",
    "none",
    "--cap-drop",
    "ALL",
    "--security-opt",
    "no-new-privileges",
    "--shm-size",
    "128m",
  ];
  const mount = ["--volume", `${volume}:/var/lib/postgresql/data`];
  const args = [image, String(version), String(to), user, database, ...server];
  const run = async (): Promise<string> => {
    await dockerApart(["create", ...own, ...rights, ...mount, ...args]);
    // A signal that came while it was made has found nothing to end.
    rejectEnded();
    return dockerApart(["start", "--attach", "--interactive", name], sql);
  };
  const stdout = await run().catch((cause: Error & { stderr?: string }) => {
    rejectEnded();
    if (cause.stderr === undefined) throw cause;
    throw new Error(cause.stderr.trim() || cause.message, { cause });
  });
  return { positions: parseSlots(stdout), unanalyzed: parseUnanalyzed(stdout) };
}

/** Pure: the slots in lines such as `slot debezium 26739584`. */
export function parseSlots(text: string): Map<string, bigint> {
  return new Map(
    [...text.matchAll(/^slot (\S+) (\d+)$/gm)].map(([, name = "", position = "0"]) => [name, BigInt(position)]),
  );
}

/** Pure: what lines such as `unanalyzed shop: ERROR …` say. */
export function parseUnanalyzed(text: string): Upgraded["unanalyzed"] {
  return [...text.matchAll(/^unanalyzed (.*?): (.*)$/gm)].map(([, database = "", reason = ""]) => ({
    database,
    reason,
  }));
}

/** Pure: the sentence about such a database, with the command that makes up for it. */
export function unanalyzedText({ container, user }: Cluster, { database, reason }: Upgraded["unanalyzed"][0]): string {
  return (
    `The planner has no statistics of database ${database} yet, and all else is as it was: ${reason} Once that is mended: ` +
    `docker exec ${container} vacuumdb --username=${user} --dbname=${database} --analyze-only --missing-stats-only`
  );
}
