/** Reads settings one by one, in groups. The reader collects what is wrong with one. `settings-together.ts` checks combinations. */
import { TOPIC_PATTERN } from "../../consumer/config";
import type { ClusterSettings } from "../cluster/cluster-settings";
import { type ExistingDatabase, type ExistingSetting, parseDatabase } from "../database/database-setting";
import { parseExistingParts } from "../existing/existing-settings";
import { choiceOf, choiceTroubles, chosenTables, parseChoice } from "../names/chosen-tables";
import { nameOf, splitEntries } from "../names/table-names";
import { topicClashes } from "../names/topic-names";
import type { PostgresVersion } from "../pipeline/pipeline-args";
import { parsePlugins } from "../plugins/plugin-setting";
import { parseConnectSecrets } from "./connect-secrets";
import { parseConnectorConfig } from "./connector-config";
import { parseHandlerEnv } from "./handler-env";
import { parsePostgresConfig } from "./postgres-config";
import { retentionMs } from "./retention";
import type { GivenParts } from "./settings";
import { IDENTIFIER, IDENTIFIERS } from "./settings-together";
import type { ValueReader } from "./value-reader";

const NUMBERS = [
  ...(["postgresPort", "kafkaPort", "connectPort", "consumerPort"] as const),
  ...(["postgresMemoryMb", "kafkaMemoryMb", "connectMemoryMb", "consumerMemoryMb"] as const),
];

/** The project's consumer, none, or an image with a tag or a digest. */
const CONSUMER = /^(handler|none|\S+[:@][\w.:-]+)$/;

/** Ports of this machine, and the memory of each container. */
export function readNumbers(read: ValueReader): Record<(typeof NUMBERS)[number], number> {
  const values = NUMBERS.map((key) => [key, read.wholeNumber(key)]);
  return Object.fromEntries(values) as Record<(typeof NUMBERS)[number], number>;
}

/** The database that is captured, and how. */
export function readSource(read: ValueReader, existing: ExistingSetting | undefined) {
  return {
    ...(existing && { existingDatabase: withoutLogin(existing) }),
    database: existing?.database ?? read.matching("database", IDENTIFIER, IDENTIFIERS),
    user: existing?.user ?? read.matching("user", IDENTIFIER, IDENTIFIERS),
    replicaIdentity: read.oneOf("replicaIdentity"),
    captureName: read.matching("captureName", IDENTIFIER, IDENTIFIERS),
    initFolder: read.matching("initFolder", /./, "a folder of the project"),
  };
}

/** Topics of tables: their names, and how long they keep records. */
export function readTopicSettings(read: ValueReader) {
  const kept = retentionMs(read.text("retention"));
  if (kept === undefined) read.wrong("retention", "hours or days, as in 12h and 30d, or forever");
  return {
    topicPrefix: read.matching("topicPrefix", /^[a-zA-Z0-9_-]{1,100}$/, "letters, digits, - and _"),
    keepTopics: read.truth("keepTopics"),
    retentionMs: kept ?? NaN,
    cleanupPolicy: read.oneOf("cleanupPolicy"),
  };
}

export function readConnector(read: ValueReader) {
  return {
    connectorName: read.matching("connectorName", /^[a-zA-Z0-9._-]{1,100}$/, "letters, digits, ., - and _"),
    snapshotMode: read.oneOf("snapshotMode"),
    exactlyOnce: read.truth("exactlyOnce"),
    flushBeforeAck: read.truth("flushBeforeAck"),
    maxRecordMb: read.wholeNumber("maxRecordMb"),
  };
}

export function readConsumer(read: ValueReader) {
  const consumerTopics = readTopics(read.text("consumerTopics"));
  if (!consumerTopics.every((topic) => TOPIC_PATTERN.test(topic)))
    read.wrong(
      "consumerTopics",
      "names of topics, separated by commas, in which * stands for any characters, but not first",
    );
  return {
    consumer: read.matching("consumer", CONSUMER, "handler, none, or an image with its tag, as in my/consumer:1"),
    handler: read.matching("handler", /./, "a file of the project"),
    consumerTopics,
  };
}

/** Images of the containers, and what they log. */
export function readImages(read: ValueReader) {
  return {
    logFormat: read.oneOf("logFormat"),
    logLevel: read.oneOf("logLevel"),
    coordination: read.oneOf("coordination"),
    kafkaImage: read.text("kafkaImage"),
    postgresVersion: Number(read.oneOf("postgresVersion")) as PostgresVersion,
    postgresImage: read.text("postgresImage"),
  };
}

/** What the workers get for connectors beside the stack's own: plugins, and files with passwords. */
export function readPlugins(read: ValueReader): { connectPlugins?: string; connectSecrets: Record<string, string> } {
  const connectPlugins = read.text("connectPlugins");
  for (const sentence of parsePlugins(connectPlugins).problems) read.refuse("connectPlugins", sentence);
  const { secrets, problems } = parseConnectSecrets(read.text("connectSecrets", "{}"), read.isSecret("connectSecrets"));
  for (const sentence of problems) read.refuse("connectSecrets", sentence);
  return { ...(connectPlugins !== "" && { connectPlugins }), connectSecrets: secrets };
}

/** A database that somebody else runs, if one is named. */
export function readDatabase(read: ValueReader): ExistingSetting | undefined {
  const { existing, problems } = parseDatabase(read.values, (key) => read.isSecret(key));
  // Without the value: a connection string has a password in it.
  for (const [key, sentence] of problems) read.refuse(key, ` (${read.where}) ${sentence}`);
  return existing;
}

/** Settings for other programs: Debezium's keys, the handler's variables, and existing parts. */
export function readOthers(read: ValueReader, given: GivenParts = {}) {
  const connector = parseConnectorConfig(read.text("connectorConfig", "{}"), read.isSecret("connectorConfig"));
  const environment = parseHandlerEnv(read.text("handlerEnv", "{}"), read.isSecret("handlerEnv"));
  const postgres = parsePostgresConfig(read.text("postgresConfig", "{}"), read.isSecret("postgresConfig"));
  const parts = parseExistingParts(
    withParts(read.values, given),
    (key) => read.isSecret(key),
    read.text("consumer") !== "none",
  );
  for (const misfit of connector.problems) read.refuse("connectorConfig", misfit);
  for (const misfit of environment.problems) read.refuse("handlerEnv", misfit);
  for (const misfit of postgres.problems) read.refuse("postgresConfig", misfit);
  for (const [key, sentence] of parts.problems) read.refuse(key, sentence);
  return {
    connectorConfig: connector.config,
    connectorSecrets: connector.secrets,
    handlerEnv: environment.env,
    handlerSecrets: environment.secrets,
    postgresConfig: postgres.config,
    ...parts.settings,
  };
}

/** The addresses of parts that a program gives, so that they are checked as those of settings are. */
function withParts(
  values: Readonly<Record<string, string>>,
  { existingDatabase, existingKafka, existingConnect }: GivenParts,
): Record<string, string> {
  return {
    ...values,
    ...(existingDatabase && { databaseUrl: existingDatabase.host }),
    ...(existingKafka && {
      bootstrapServers: existingKafka.servers,
      internalBootstrapServers: existingKafka.internalServers,
    }),
    ...(existingConnect && { connectUrl: existingConnect.url }),
  };
}

/** How many brokers, workers and consumers; undefined if one of the three is no number. */
export function readMembers(read: ValueReader): ClusterSettings | undefined {
  const before = read.problems.length;
  const members = {
    brokers: read.wholeNumber("brokers"),
    connectWorkers: read.wholeNumber("connectWorkers"),
    consumers: read.wholeNumber("consumers"),
  };
  return read.problems.length === before ? members : undefined;
}

/** The database without its name, administrator and password, which are arguments of their own. */
function withoutLogin({ host, port, containerHost, tls, passwordCommand }: ExistingSetting): ExistingDatabase {
  return { host, port, containerHost, ...(tls && { tls }), ...(passwordCommand && { passwordCommand }) };
}

function readTopics(list: string): string[] {
  const topics = list.split(",").map((topic) => topic.trim());
  return [...new Set(topics.filter((topic) => topic !== ""))];
}

/** The entries in their normal form, each once, and what is wrong with them. */
export function parseTableList(list: string): { entries: string[]; troubles: string[] } {
  const given = splitEntries(list);
  const troubles = given.map(parseChoice).filter((each) => typeof each === "string");
  const entries = given.filter((entry) => typeof parseChoice(entry) !== "string").map(choiceOf);
  const { patterns } = chosenTables(entries);
  const named = patterns.filter(({ table }) => table !== undefined).map(nameOf);
  return {
    entries: [...new Set(entries)],
    troubles: [...troubles, ...choiceTroubles(entries), ...topicClashes(named)],
  };
}
