/**
 * Settings that only the first start of the database reads: its name, its superuser, the files of `cdc:initFolder`. A later change has no
 * effect on a database that exists, so it is refused, or a warning says so.
 */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { docker } from "../engine";
import type { Settings } from "../settings/settings";
import type { InitFile } from "./init-files";

/** Label of Postgres' container: the files it was made with, as `name=hash`, separated by blanks. */
export const FILES_LABEL = "cdc.init-files";

/** The label's value. */
export function filesLabel(files: readonly InitFile[]): string {
  const hash = (content: Buffer) => createHash("sha256").update(content).digest("hex").slice(0, 12);
  return files.map(({ name, content }) => `${name}=${hash(content)}`).join(" ");
}

/** How the stack's database was made. */
export interface MadeDatabase {
  database: string;
  user: string;
  /** As in the label; null for a container from before there was one. */
  files: string | null;
  /** Of its container: name with tag. */
  image: string;
  /** Of its container, as `NAME=value`: the image's own is in it. */
  environment: string[];
}

/**
 * What the stack's container of Postgres was made with; undefined without one.
 *
 * @throws pulumi.RunError where the engine could not say: that is no answer, and must not be taken for a stack without a database
 */
export async function madeDatabase(prefix: string): Promise<MadeDatabase | undefined> {
  const format = `{{json .Config.Env}}\n{{.Config.Image}}\n{{index .Config.Labels "${FILES_LABEL}"}}`;
  const container = databaseContainer(prefix);
  const text = await docker(["inspect", "--type", "container", "--format", format, container], 20_000).catch(
    ({ message }: Error) => {
      if (/no such (container|object)/i.test(message)) return undefined;
      throw new pulumi.RunError(
        `The Docker engine did not say how the stack's database (container ${container}) was made: ${message}. Nothing was changed. ` +
          `Once \`docker inspect ${container}\` answers, do the same again.`,
      );
    },
  );
  if (text === undefined) return undefined;
  const [json = "[]", image = "", files = ""] = text.split("\n");
  const environment = JSON.parse(json) as string[];
  const values = new Map(environment.map((pair) => pair.split(/=(.*)/s) as [string, string]));
  const [database, user] = [values.get("POSTGRES_DB"), values.get("POSTGRES_USER")];
  if (database === undefined || user === undefined) return undefined;
  return { database, user, files: files || null, image, environment };
}

/** Whether there is no database yet, since an init file of its first start failed. Then no setting comes too late. */
export function firstStartFailed(prefix: string): Promise<boolean> {
  return docker(["cp", `${databaseContainer(prefix)}:/run/postgresql/first-start-failed`, "-"], 20_000).then(
    () => true,
    () => false,
  );
}

/** Name of the container that the stack's database is in. */
export function databaseContainer(prefix: string): string {
  return `${prefix}-postgres`;
}

/** A sentence for each setting that came too late. */
export function lateSettings(
  made: Pick<MadeDatabase, "database" | "user">,
  settings: Pick<Settings, "database" | "user">,
): string[] {
  return (["database", "user"] as const)
    .filter((key) => settings[key] !== made[key])
    .map(
      (key) =>
        `cdc:${key} is "${settings[key]}", but this stack's Postgres was made with "${made[key]}", and only a first ` +
        `start reads it. Set it back with \`pulumi config set ${key} ${made[key]}\`; or \`npm stop\`, which takes all data ` +
        "away, and start anew.",
    );
}

/** Names of files that are new or changed, and so will not run. */
export function lateFiles(made: Pick<MadeDatabase, "files">, files: readonly InitFile[]): string[] {
  if (made.files === null) return [];
  const known = new Set(made.files.split(" "));
  return files.filter((file) => !known.has(filesLabel([file]))).map(({ name }) => name);
}
