import * as pulumi from "@pulumi/pulumi";
import { TOPIC_PATTERN } from "../../consumer/config";
import type { ClusterSettings } from "../cluster/cluster-settings";
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
import { SETTING_KEYS, SETTINGS } from "./setting-list";
import { checkTogether, IDENTIFIER, IDENTIFIERS } from "./settings-together";
import { ValueReader } from "./value-reader";
import { parsePlugins } from "../plugins/plugin-setting";
import { entryOf, nameOf, parseEntry, splitEntries } from "../names/table-names";
import { topicClashes } from "../names/topic-names";

/** The stack's configuration, read and checked once: a pipeline's arguments. Defaults and descriptions: `setting-list.ts`. */
export interface Settings extends Omit<PipelineArgs, "password" | "capturePassword" | "found"> {
  /** The superuser's password, a secret from here on. @default "cdctest" */
  password: pulumi.Output<string>;
  capturePassword?: pulumi.Output<string>;
}

/** What can be checked without the engine: everything but passwords, which only the engine may hold. */
export type PlainSettings = Omit<Settings, "password" | "capturePassword">;

const ONE_EACH: ClusterSettings = { brokers: 1, connectWorkers: 1, consumers: 1 };
const MEMORY = ["postgresMemoryMb", "kafkaMemoryMb", "connectMemoryMb", "consumerMemoryMb"] as const;

/** The project's own, none, or an image of somebody's by its tag or digest. */
const CONSUMER = /^(handler|none|\S+[:@][\w.:-]+)$/;

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
  const read = new ValueReader(values, project, stack, secretKeys);
  for (const key of Object.keys(values))
    if (!(key in SETTINGS))
      read.refuse(key, ` (${read.where}) is no setting of this project.${didYouMean(key, SETTING_KEYS)}`);
  const existing = readDatabase(read);
  const others = readOthers(read);
  const plugins = read.text("connectPlugins");
  for (const sentence of parsePlugins(plugins).problems) read.refuse("connectPlugins", sentence);
  const tables = readTables(read.text("tables"));
  const members = readMembers(read);
  const settings: PlainSettings = {
    prefix: `${project}-${stack}`,
    postgresPort: read.wholeNumber("postgresPort"),
    kafkaPort: read.wholeNumber("kafkaPort"),
    connectPort: read.wholeNumber("connectPort"),
    consumerPort: read.wholeNumber("consumerPort"),
    ...(existing && { existingDatabase: withoutLogin(existing) }),
    database: existing?.database ?? read.matching("database", IDENTIFIER, IDENTIFIERS),
    user: existing?.user ?? read.matching("user", IDENTIFIER, IDENTIFIERS),
    tables: tables.entries,
    replicaIdentity: read.oneOf("replicaIdentity"),
    topicPrefix: read.matching("topicPrefix", /^[a-zA-Z0-9_-]{1,100}$/, "letters, digits, - and _"),
    keepTopics: read.truth("keepTopics"),
    retentionMs: retentionMs(read.text("retention")) ?? NaN,
    cleanupPolicy: read.oneOf("cleanupPolicy"),
    ...(Object.fromEntries(MEMORY.map((key) => [key, read.wholeNumber(key)])) as Record<
      (typeof MEMORY)[number],
      number
    >),
    connectorName: read.matching("connectorName", /^[a-zA-Z0-9._-]{1,100}$/, "letters, digits, ., - and _"),
    captureName: read.matching("captureName", IDENTIFIER, IDENTIFIERS),
    snapshotMode: read.oneOf("snapshotMode"),
    exactlyOnce: read.truth("exactlyOnce"),
    maxRecordMb: read.wholeNumber("maxRecordMb"),
    initFolder: read.matching("initFolder", /./, "a folder of the project"),
    consumer: read.matching("consumer", CONSUMER, "handler, none, or an image with its tag, as in my/consumer:1"),
    handler: read.matching("handler", /./, "a file of the project"),
    consumerTopics: readTopics(read.text("consumerTopics")),
    logFormat: read.oneOf("logFormat"),
    logLevel: read.oneOf("logLevel"),
    coordination: read.oneOf("coordination"),
    kafkaImage: read.text("kafkaImage"),
    postgresVersion: Number(read.oneOf("postgresVersion")) as PostgresVersion,
    postgresImage: read.text("postgresImage"),
    ...others,
    ...(plugins !== "" && { connectPlugins: plugins }),
    ...(members ?? ONE_EACH),
  };
  if (!settings.consumerTopics.every((topic) => TOPIC_PATTERN.test(topic)))
    read.wrong(
      "consumerTopics",
      "names of topics, separated by commas, in which * stands for any characters, but not first",
    );
  if (Number.isNaN(settings.retentionMs)) read.wrong("retention", "hours or days, as in 12h and 30d, or forever");
  for (const trouble of tables.troubles) read.refuse("tables", ` (${read.where}): ${trouble}`);
  checkTogether(read, settings, members);
  return { settings, ...(existing && { existing }), problems: read.problems };
}

/** A database that somebody else runs, if one is named. */
function readDatabase(read: ValueReader): ExistingSetting | undefined {
  const { existing, problems } = parseDatabase(read.values, (key) => read.isSecret(key));
  // Without the value: a connection string has a password in it.
  for (const [key, sentence] of problems) read.refuse(key, ` (${read.where}) ${sentence}`);
  return existing;
}

/** What goes to others as it stands: keys of Debezium's, variables of the handler's, and parts that somebody else runs. */
function readOthers(read: ValueReader) {
  const connector = parseConnectorConfig(read.text("connectorConfig", "{}"), read.isSecret("connectorConfig"));
  const environment = parseHandlerEnv(read.text("handlerEnv", "{}"), read.isSecret("handlerEnv"));
  const parts = parseExisting(read.values, (key) => read.isSecret(key), read.text("consumer") !== "none");
  for (const misfit of connector.problems) read.refuse("connectorConfig", misfit);
  for (const misfit of environment.problems) read.refuse("handlerEnv", misfit);
  for (const [key, sentence] of parts.problems) read.refuse(key, sentence);
  return {
    connectorConfig: connector.config,
    connectorSecrets: connector.secrets,
    handlerEnv: environment.env,
    handlerSecrets: environment.secrets,
    ...parts.settings,
  };
}

/** How many brokers, workers and consumers; undefined if one of the three is no number. */
function readMembers(read: ValueReader): ClusterSettings | undefined {
  const before = read.problems.length;
  const members = {
    brokers: read.wholeNumber("brokers"),
    connectWorkers: read.wholeNumber("connectWorkers"),
    consumers: read.wholeNumber("consumers"),
  };
  return read.problems.length === before ? members : undefined;
}

/** Name, administrator and password are arguments of their own. */
function withoutLogin({ host, port, containerHost, tls, passwordCommand }: ExistingSetting): ExistingDatabase {
  return { host, port, containerHost, ...(tls && { tls }), ...(passwordCommand && { passwordCommand }) };
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
