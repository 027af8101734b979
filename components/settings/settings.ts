import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../cluster/cluster-settings";
import type { ExistingSetting } from "../database/database-setting";
import { didYouMean } from "../nearest";
import type { PipelineArgs } from "../pipeline/pipeline-args";
import {
  readConnector,
  readConsumer,
  readDatabase,
  readImages,
  readMembers,
  readNumbers,
  readOthers,
  readPlugins,
  readSource,
  parseTableList,
  readTopicSettings,
} from "./setting-groups";
import { SETTING_KEYS, SETTINGS } from "./setting-list";
import { checkTogether } from "./settings-together";
import { ValueReader } from "./value-reader";

/** The stack's configuration, read and checked once: a pipeline's arguments. Defaults and descriptions: `setting-list.ts`. */
export interface Settings extends Omit<PipelineArgs, "password" | "capturePassword" | "found"> {
  /** The superuser's password, a secret from here on. @default "cdctest" */
  password: pulumi.Output<string>;
  capturePassword?: pulumi.Output<string>;
}

/** Settings that can be checked without the engine: all but passwords, which only the engine may hold. */
export type PlainSettings = Omit<Settings, "password" | "capturePassword">;

/** Arguments that are no text. Those that are not given are left out. */
export type GivenParts = Partial<
  Pick<
    PlainSettings,
    | "prefix"
    | "retentionMs"
    | "connectorSecrets"
    | "handlerSecrets"
    | "connectSecrets"
    | "existingDatabase"
    | "existingKafka"
    | "existingConnect"
  >
>;

const ONE_EACH: ClusterSettings = { brokers: 1, connectWorkers: 1, consumers: 1 };

/**
 * The stack's settings.
 *
 * @throws pulumi.RunError with a sentence for every setting that is wrong, before anything is created
 */
export function readSettings(): Settings {
  const config = new pulumi.Config();
  const project = pulumi.getProject();
  const all = pulumi.runtime.allConfig();
  const own = Object.entries(all).filter(([key]) => key.startsWith(`${project}:`));
  const values = Object.fromEntries(own.map(([key, value]) => [key.slice(project.length + 1), value]));
  const { settings, existing, problems } = parseSettings(values, project, pulumi.getStack(), secretKeys());
  problems.push(...strays(Object.keys(all), project));
  // A plain one would be readable in the state and in the settings file.
  if (values["password"] !== undefined && !secretKeys().includes(`${project}:password`)) {
    problems.push(`${project}:password is set as plain text; set it with \`pulumi config set --secret password\`.`);
  }
  problems.push(...emptyPasswords(values, project));
  if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
  const password = existing ? pulumi.secret(existing.password) : config.getSecret("password");
  const capturePassword = config.getSecret("capturePassword");
  return {
    ...settings,
    ...(capturePassword && { capturePassword }),
    password: password ?? pulumi.secret(SETTINGS.password.default),
  };
}

/** Pure: passwords that are set and empty. Each is a file in a container, and no file can be made of nothing. */
export function emptyPasswords(values: Readonly<Record<string, unknown>>, project: string): string[] {
  return (["password", "capturePassword"] as const)
    .filter((key) => values[key] === "")
    .map((key) => `${project}:${key} is empty; set one, or take the setting away.`);
}

/** Namespaces of settings for the CLI and the plugins. */
const OTHERS_NAMESPACES = ["docker", "kafka", "pulumi", "pulumi-nodejs"];

/** Pure: settings with another word before the colon, which nobody reads. */
export function strays(keys: readonly string[], project: string): string[] {
  return keys
    .map((key) => ({ key, namespace: key.slice(0, key.indexOf(":")), name: key.slice(key.indexOf(":") + 1) }))
    .filter(
      ({ namespace, name }) => namespace !== project && !OTHERS_NAMESPACES.includes(namespace) && name in SETTINGS,
    )
    .map(
      ({ key, name }) =>
        `${key} is read by nobody: settings of this project begin with ${project}:. Did you mean ${project}:${name}?`,
    );
}

/** Keys that the engine has decrypted. The SDK does not export them, so this reads what the engine passes to the SDK. */
function secretKeys(): string[] {
  return JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] || "[]") as string[];
}

/**
 * Pure: the settings in `values`, some of them set with --secret, and a sentence for each that is wrong: what it is, where it was set, what
 * is allowed.
 *
 * @param given what a program gives as it is, and no setting's text tells: parts that somebody else runs, secrets
 */
export function parseSettings(
  values: Record<string, string>,
  project: string,
  stack: string,
  secretKeys: readonly string[] = [],
  given: GivenParts = {},
): { settings: PlainSettings; existing?: ExistingSetting; problems: string[] } {
  const read = new ValueReader(values, project, stack, secretKeys);
  for (const key of Object.keys(values))
    if (!(key in SETTINGS))
      read.refuse(key, ` (${read.where}) is no setting of this project.${didYouMean(key, SETTING_KEYS)}`);
  const existing = given.existingDatabase
    ? { ...given.existingDatabase, database: read.text("database"), user: read.text("user"), password: "" }
    : readDatabase(read);
  const others = readOthers(read, given);
  const plugins = readPlugins(read);
  const tables = parseTableList(read.text("tables"));
  const members = readMembers(read);
  const settings: PlainSettings = {
    prefix: `${project}-${stack}`,
    ...readNumbers(read),
    ...readSource(read, existing),
    tables: tables.entries,
    ...readTopicSettings(read),
    ...readConnector(read),
    ...readConsumer(read),
    ...readImages(read),
    ...others,
    ...plugins,
    ...(members ?? ONE_EACH),
    ...given,
  };
  for (const trouble of tables.troubles) read.refuse("tables", ` (${read.where}): ${trouble}`);
  checkTogether(read, settings, members);
  return { settings, ...(existing && { existing }), problems: read.problems };
}
