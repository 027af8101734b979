import * as pulumi from "@pulumi/pulumi";
import { type PortKey, PORTS, portsOf, type PortSettings } from "../cluster/ports";
import { otherEngine } from "./engine-choice";
import type { EngineLists, ListedContainer } from "./engine-lists";
import { type MemorySettings, tooMuchMemory } from "./engine-memory";
import { databaseContainer, firstStartFailed, lateFiles, lateSettings, madeDatabase } from "./first-start";
import type { InitFile } from "./init-files";
import { keptPassword } from "./kept-password";
import { PATIENT, takenBy } from "./lent-port";
import { namesakes } from "./namesakes";
import { misplacedCluster } from "./postgres-cluster";
import { replacedDatabase } from "./replaced-database";
import { consumerKind } from "../consumer";
import { type ImageIds, readImageIds, renewedImages } from "../images/image-ids";
import { namedImage } from "../images/named-image";
import { type PostgresImage, readPostgresImage } from "../images/postgres-image";
import type { Settings } from "../settings/settings";

/** What must hold before anything is created: an engine that answers, ports that are free or ours, and a database as declared. */
export type PreflightSettings = Pick<
  Settings,
  | "prefix"
  | "password"
  | "database"
  | "user"
  | "captureName"
  | "postgresImage"
  | "kafkaImage"
  | "consumer"
  | "postgresVersion"
  | "existingKafka"
  | "existingConnect"
  | "existingDatabase"
> &
  MemorySettings &
  PortSettings;

/** What the checks found out, for later use in the same run. */
export interface Preflight {
  /** Names with tag of the images that the engine has. */
  present: ReadonlySet<string>;
  /** Ids of the images that settings name. */
  imageIds?: ImageIds;
  /** None where the database is somebody else's. */
  postgres?: PostgresImage;
}

/** The ports that the stack needs on this machine. */
function usedPorts(settings: PreflightSettings): { key: PortKey; port: number }[] {
  const ports = portsOf(settings);
  return PORTS.flatMap((key) => ports[key].map((port) => ({ key, port })));
}

/** @throws pulumi.RunError with a sentence for each thing that is wrong */
export async function preflight(
  settings: PreflightSettings,
  files: readonly InitFile[],
  lists: EngineLists,
): Promise<Preflight> {
  const database = lists
    .containers()
    .then((all) =>
      all.some(({ name }) => name === databaseContainer(settings.prefix)) ? madeDatabase(settings.prefix) : undefined,
    );
  const [containers, present, made, other, alike, tooMuch] = await Promise.all([
    lists.containers(),
    lists.images(),
    database,
    otherEngine(),
    namesakes({ project: pulumi.getProject(), stack: pulumi.getStack(), prefix: settings.prefix }, lists),
    tooMuchMemory(settings),
  ]);
  const { existingDatabase } = settings;
  const postgres = existingDatabase
    ? undefined
    : await readPostgresImage(settings.postgresImage, settings.postgresVersion);
  const lacking = namedIn(settings).filter(([, name]) => !present.has(name));
  await Promise.all(lacking.map(([setting, name]) => namedImage(setting, name)));
  const own = existingDatabase ? "" : settings.postgresImage;
  const imageIds = await readImageIds(
    [...new Set([...namedIn(settings).map(([, name]) => name), own])].filter(Boolean),
  );
  const [misplaced, kept, ...taken] = await Promise.all([
    postgres ? misplacedCluster(settings, made, postgres, lists) : replacedDatabase(settings, made, lists),
    postgres && made && keptPassword(settings, made, postgres, lists),
    ...usedPorts(settings).map((used) => problemWith(used, settings, containers)),
  ]);
  const late =
    made && !existingDatabase
      ? { settings: lateSettings(made, settings), files: lateFiles(made, files) }
      : NOTHING_LATE;
  // Asked only where a setting or a file came too late, so that a usual run does not wait for it.
  const isLate = late.settings.length + late.files.length > 0 && !(await firstStartFailed(settings.prefix));
  const found = [other, alike, ...tooMuch, ...taken, misplaced, kept].filter((problem) => problem !== undefined);
  const problems = [...found, ...(isLate ? late.settings : [])];
  if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
  if (isLate && late.files.length > 0) {
    void pulumi.log.warn(
      `${late.files.join(", ")} of cdc:initFolder will not run: only the first start of a database runs them, and this one is ` +
        "there. Run what is new with psql.",
    );
  }
  for (const sentence of renewedImages(settings.prefix, imageIds, containers)) void pulumi.log.info(sentence);
  return { present, imageIds, ...(postgres && { postgres }) };
}

/** The images that the settings name, each with its setting; that of Postgres is read elsewhere. */
function namedIn({ kafkaImage, consumer, existingConnect }: PreflightSettings): [setting: string, name: string][] {
  const named: [string, string][] = [
    ["kafkaImage", existingConnect ? "" : kafkaImage],
    ["consumer", consumerKind(consumer) === "own" ? consumer : ""],
  ];
  return named.filter(([, name]) => name !== "");
}

const NOTHING_LATE = { settings: [], files: [] };

async function problemWith(
  { key, port }: { key: PortKey; port: number },
  settings: PreflightSettings,
  containers: readonly ListedContainer[],
): Promise<string | undefined> {
  const holder = containers.find((container) => container.ports.includes(port));
  if (holder?.stack === settings.prefix) return undefined;
  const by = holder ? `container ${holder.name}` : (await takenBy(port, PATIENT, tellWaiting))?.by;
  if (by === undefined) return undefined;
  const first = settings[key];
  const which = port === first ? `cdc:${key}` : `which follows cdc:${key} ${first}`;
  return (
    `Port ${port} (${which}) is taken by ${by}: stop that, or choose another port with ` +
    `\`pulumi config set ${key} ${port + 1}\`.`
  );
}

function tellWaiting(text: string): void {
  void pulumi.log.info(text);
}
