import * as pulumi from "@pulumi/pulumi";
import { TOPIC_PATTERN } from "../../consumer/config";
import { portClashes } from "../cluster/ports";
import { clusterProblems, type ClusterSettings } from "../cluster/cluster-settings";
import { parseConnectorConfig } from "./connector-config";
import {
  type ExistingDatabase,
  type ExistingSetting,
  parseExisting as parseDatabase,
} from "../database/database-setting";
import { parseExisting } from "../existing/existing-settings";
import { parseHandlerEnv } from "./handler-env";
import { didYouMean } from "../nearest";
import type { PipelineArgs, PostgresVersion } from "../pipeline/pipeline-args";
import { retentionMs } from "./retention";
import { SETTING_KEYS, type SettingKey, SETTINGS } from "./setting-list";
import { parsePlugins } from "../plugins/plugin-setting";
import { entryOf, nameOf, parseEntry, patternOf, splitEntries } from "../names/table-names";
import { topicClashes } from "../names/topic-names";

/** The stack's configuration, read and checked once: a pipeline's arguments. Defaults and descriptions: `setting-list.ts`. */
export interface Settings extends Omit<PipelineArgs, "password" | "capturePassword" | "found"> {
  /** The superuser's password, a secret from here on. @default "cdctest" */
  password: pulumi.Output<string>;
  capturePassword?: pulumi.Output<string>;
}

/** What can be checked without the engine: everything but passwords, which only the engine may hold. */
export type PlainSettings = Omit<Settings, "password" | "capturePassword">;

const CLUSTER = ["brokers", "connectWorkers", "consumers"] as const;
const MEMORY = ["postgresMemoryMb", "kafkaMemoryMb", "connectMemoryMb", "consumerMemoryMb"] as const;

/** Settings that the list says this of. */
type KeysWith<P extends string> = {
  [K in SettingKey]: (typeof SETTINGS)[K] extends Record<P, unknown> ? K : never;
}[SettingKey];

/** Names that Postgres and its image keep for themselves. */
const TAKEN_ROLES = /^(pg_.*|public|none|initializing)$/;

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
  // A plain one would stand in the state and in the settings file, for all to read.
  if (values["password"] !== undefined && !secretKeys().includes(`${project}:password`)) {
    problems.push(`${project}:password is set as plain text; set it with \`pulumi config set --secret password\`.`);
  }
  if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
  const password = existing ? pulumi.secret(existing.password) : config.getSecret("password");
  const capturePassword = config.getSecret("capturePassword");
  return {
    ...settings,
    ...(capturePassword && { capturePassword }),
    password: password ?? pulumi.secret(SETTINGS.password.default),
  };
}

/** Namespaces that the CLI and the plugins read. */
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

/** Keys that the engine decrypted: the SDK keeps them to itself, so this reads what the engine passes it. */
function secretKeys(): string[] {
  return JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] || "[]") as string[];
}

/** Pure: the settings in `values`, some of them set with --secret, and a sentence for each that is wrong: what it is, where it was set, what is allowed. */
export function parseSettings(
  values: Record<string, string>,
  project: string,
  stack: string,
  secretKeys: readonly string[] = [],
): { settings: PlainSettings; existing?: ExistingSetting; problems: string[] } {
  const problems: string[] = [];
  const where = `set in Pulumi.${stack}.yaml or by \`pulumi config set\``;
  const wrong = (key: string, allowed: string): void => {
    problems.push(`${project}:${key} is ${JSON.stringify(values[key] ?? "")} (${where}); allowed: ${allowed}.`);
  };
  const matching = (key: string, pattern: RegExp, allowed: string): string => {
    const value = values[key] ?? "";
    if (!pattern.test(value)) wrong(key, allowed);
    return value;
  };
  const oneOf = <K extends KeysWith<"oneOf">>(key: K): (typeof SETTINGS)[K]["oneOf"][number] => {
    const allowed: readonly string[] = SETTINGS[key].oneOf;
    const value = values[key] ?? "";
    if (!allowed.includes(value)) wrong(key, allowed.map(quotedList).join(", "));
    return value as (typeof SETTINGS)[K]["oneOf"][number];
  };
  const truth = (key: SettingKey): boolean => {
    if (!["true", "false"].includes(values[key] ?? "")) wrong(key, "true, false");
    return values[key] === "true";
  };
  const wholeNumber = (key: KeysWith<"least">): number => {
    const { least, most } = SETTINGS[key];
    const value = Number(values[key]);
    if (!Number.isInteger(value) || value < least || value > most)
      wrong(key, `a whole number from ${least} to ${most}`);
    return value;
  };
  const isSecret = (key: string): boolean => secretKeys.includes(`${project}:${key}`);
  for (const key of Object.keys(values)) {
    if (key in SETTINGS) continue;
    problems.push(`${project}:${key} (${where}) is no setting of this project.${didYouMean(key, SETTING_KEYS)}`);
  }
  const { existing, problems: misfits } = parseDatabase(values, isSecret);
  // Without the value: a connection string has a password in it.
  for (const [key, sentence] of misfits) problems.push(`${project}:${key} (${where}) ${sentence}`);
  const connector = parseConnectorConfig(values["connectorConfig"] ?? "{}", isSecret("connectorConfig"));
  const environment = parseHandlerEnv(values["handlerEnv"] ?? "{}", isSecret("handlerEnv"));
  for (const misfit of connector.problems) problems.push(`${project}:connectorConfig${misfit}`);
  for (const misfit of environment.problems) problems.push(`${project}:handlerEnv${misfit}`);
  const parts = parseExisting(values, isSecret, values["consumer"] !== "none");
  for (const [key, sentence] of parts.problems) problems.push(`${project}:${key}${sentence}`);
  const plugins = values["connectPlugins"] ?? "";
  for (const sentence of parsePlugins(plugins).problems) problems.push(`${project}:connectPlugins${sentence}`);
  if (plugins !== "" && parts.settings.existingConnect)
    problems.push(
      `${project}:connectPlugins is for workers of the stack's own, and ${project}:connectUrl names somebody else's: its plugins ` +
        "are installed there. Take one of them away.",
    );
  const tables = readTables(values["tables"] ?? "");
  const identifier = /^[a-z_][a-z0-9_]{0,62}$/;
  const identifiers = "lower-case letters, digits and _, not a digit first";
  const counted = problems.length;
  const cluster = Object.fromEntries(CLUSTER.map((key) => [key, wholeNumber(key)])) as unknown as ClusterSettings;
  const isCounted = problems.length === counted;
  const settings: PlainSettings = {
    prefix: `${project}-${stack}`,
    postgresPort: wholeNumber("postgresPort"),
    kafkaPort: wholeNumber("kafkaPort"),
    connectPort: wholeNumber("connectPort"),
    consumerPort: wholeNumber("consumerPort"),
    ...(existing && { existingDatabase: withoutLogin(existing) }),
    database: existing?.database ?? matching("database", identifier, identifiers),
    user: existing?.user ?? matching("user", identifier, identifiers),
    tables: tables.entries,
    replicaIdentity: oneOf("replicaIdentity"),
    topicPrefix: matching("topicPrefix", /^[a-zA-Z0-9_-]{1,100}$/, "letters, digits, - and _"),
    keepTopics: truth("keepTopics"),
    retentionMs: retentionMs(values["retention"] ?? "") ?? NaN,
    cleanupPolicy: oneOf("cleanupPolicy"),
    ...(Object.fromEntries(MEMORY.map((key) => [key, wholeNumber(key)])) as Record<(typeof MEMORY)[number], number>),
    connectorName: matching("connectorName", /^[a-zA-Z0-9._-]{1,100}$/, "letters, digits, ., - and _"),
    captureName: matching("captureName", identifier, identifiers),
    snapshotMode: oneOf("snapshotMode"),
    exactlyOnce: truth("exactlyOnce"),
    maxRecordMb: wholeNumber("maxRecordMb"),
    connectorConfig: connector.config,
    connectorSecrets: connector.secrets,
    initFolder: matching("initFolder", /./, "a folder of the project"),
    consumer: matching(
      "consumer",
      /^(handler|none|\S+[:@][\w.:-]+)$/,
      "handler, none, or an image with its tag, as in my/consumer:1",
    ),
    handler: matching("handler", /./, "a file of the project"),
    handlerEnv: environment.env,
    handlerSecrets: environment.secrets,
    consumerTopics: readTopics(values["consumerTopics"] ?? ""),
    logFormat: oneOf("logFormat"),
    logLevel: oneOf("logLevel"),
    coordination: oneOf("coordination"),
    kafkaImage: values["kafkaImage"] ?? "",
    postgresVersion: Number(oneOf("postgresVersion")) as PostgresVersion,
    postgresImage: values["postgresImage"] ?? "",
    ...parts.settings,
    ...(plugins !== "" && { connectPlugins: plugins }),
    ...cluster,
  };
  if (!settings.consumerTopics.every((topic) => TOPIC_PATTERN.test(topic)))
    wrong(
      "consumerTopics",
      "names of topics, separated by commas, in which * stands for any characters, but not first",
    );
  if (Number.isNaN(settings.retentionMs)) wrong("retention", "hours or days, as in 12h and 30d, or forever");
  if (settings.postgresImage !== "" && settings.postgresVersion !== SETTINGS.postgresVersion.default)
    problems.push(
      `${project}:postgresVersion (${where}) is about the image that is built here, and ${project}:postgresImage names one with a version ` +
        "of its own. Take one of them away.",
    );
  for (const trouble of tables.troubles) problems.push(`${project}:tables (${where}): ${trouble}`);
  if (!existing && /^template[01]$/.test(settings.database))
    wrong("database", "any name but those of Postgres' own templates");
  if (existing && settings.user === settings.captureName)
    wrong("captureName", `another name than the user of ${project}:databaseUrl: the connector gets a role of its own`);
  if (!existing && (TAKEN_ROLES.test(settings.user) || settings.user === settings.captureName))
    wrong("user", `${identifiers}; not pg_…, public, none, or captureName's ${settings.captureName}`);
  if (TAKEN_ROLES.test(settings.captureName)) wrong("captureName", `${identifiers}; not pg_…, public, none`);
  const named = settings.tables.every((entry) => patternOf(entry).table !== undefined);
  const misfitting = clusterProblems(cluster, {
    existingKafka: settings.existingKafka !== undefined,
    existingConnect: settings.existingConnect !== undefined,
    noConsumer: settings.consumer === "none",
    replicationFactor: settings.replicationFactor ?? 0,
    minInsyncReplicas: settings.minInsyncReplicas ?? 0,
    partitions: settings.partitions ?? 1,
    tables: named && settings.tables.length > 0 ? settings.tables.length : undefined,
  });
  if (isCounted) for (const [key, sentence] of misfitting) problems.push(`${project}:${key}${sentence}`);
  const each = isCounted ? settings : { ...settings, brokers: 1, connectWorkers: 1, consumers: 1 };
  for (const [key, allowed] of portClashes(each, project)) wrong(key, allowed);
  return { settings, ...(existing && { existing }), problems };
}

/** Name, administrator and password are arguments of their own. */
function withoutLogin({ host, port, containerHost, tls, passwordCommand }: ExistingSetting): ExistingDatabase {
  return { host, port, containerHost, ...(tls && { tls }), ...(passwordCommand && { passwordCommand }) };
}

/** Pure: a value that has a comma itself, so that it can be told from two. */
function quotedList(value: string): string {
  return value.includes(",") ? JSON.stringify(value) : value;
}

function readTopics(list: string): string[] {
  const topics = list.split(",").map((topic) => topic.trim());
  return [...new Set(topics.filter((topic) => topic !== ""))];
}

/** The entries, each once however it is written, and what is wrong with them. */
function readTables(list: string): { entries: string[]; troubles: string[] } {
  const parsed = splitEntries(list).map(parseEntry);
  const troubles = parsed.filter((each) => typeof each === "string");
  const patterns = parsed.filter((each) => typeof each !== "string");
  const named = patterns.filter(({ table }) => table !== undefined).map(nameOf);
  return { entries: [...new Set(patterns.map(entryOf))], troubles: [...troubles, ...topicClashes(named)] };
}
