import { portClashes } from "../cluster/ports";
import { clusterProblems, type ClusterSettings } from "../cluster/cluster-settings";
import { chosenTables } from "../names/chosen-tables";
import { connectSecretProblems } from "./connect-secrets";
import { debeziumProblems } from "./debezium-config";
import { followedRefusal, partingKeys } from "./followed-keys";
import { isReadKey } from "./read-keys";
import { SETTINGS } from "./setting-list";
import type { PlainSettings } from "./settings";
import type { ValueReader } from "./value-reader";

/** Names of databases, roles and publications that need no quotes. */
export const IDENTIFIER = /^[a-z_][a-z0-9_]{0,62}$/;
export const IDENTIFIERS = "lower-case letters, digits and _, not a digit first";

/** Names that Postgres and its image keep for themselves. */
const TAKEN_ROLES = /^(pg_.*|public|none|initializing)$/;

/**
 * Checks settings that are right one by one for wrong combinations. What is wrong goes to `read`.
 *
 * @param members numbers of brokers, workers and consumers; undefined when they are wrong already
 */
export function checkTogether(read: ValueReader, settings: PlainSettings, members: ClusterSettings | undefined): void {
  if (settings.connectPlugins && settings.existingConnect)
    read.refuse(
      "connectPlugins",
      ` is for workers of the stack's own, and ${read.project}:connectUrl names somebody else's: its plugins ` +
        "are installed there. Take one of them away.",
    );
  if (Object.keys(settings.connectSecrets).length > 0 && settings.existingConnect)
    read.refuse(
      "connectSecrets",
      ` is for workers of the stack's own, and ${read.project}:connectUrl names somebody else's: whoever runs those puts ` +
        "passwords there. Take one of them away.",
    );
  for (const sentence of connectSecretProblems(settings.connectSecrets, settings.connectorSecrets))
    read.refuse("connectSecrets", sentence);
  if (settings.flushBeforeAck && settings.existingKafka)
    read.refuse(
      "flushBeforeAck",
      ` is a property of the stack's own brokers, and ${read.project}:bootstrapServers names somebody else's: whoever runs those ` +
        "sets log.flush.interval.messages, or a topic's flush.messages. Take one of them away.",
    );
  if (settings.postgresImage !== "" && settings.postgresVersion !== SETTINGS.postgresVersion.default)
    read.refuse(
      "postgresVersion",
      ` (${read.where}) is about the image that is built here, and ${read.project}:postgresImage names one with a version ` +
        "of its own. Take one of them away.",
    );
  checkConnectorConfig(read, settings);
  // A setting's empty value is taken as a plain one. A program may give one all the same.
  for (const [setting, secrets] of [
    ["connectorConfig", settings.connectorSecrets] as const,
    ["handlerEnv", settings.handlerSecrets] as const,
  ])
    for (const [key, value] of Object.entries(secrets))
      if (value === "")
        read.refuse(
          setting,
          `["${key}"] is empty, and among the secrets: no file can be made of it. Give it as a plain value, or leave it out.`,
        );
  checkNames(read, settings);
  if (members) checkMembers(read, settings, members);
  for (const [key, allowed] of portClashes(settings, read.project)) read.wrong(key, allowed);
}

/** Debezium's own keys: those that the rest of the stack follows, and those that the image's Debezium would refuse. */
function checkConnectorConfig(read: ValueReader, settings: PlainSettings): void {
  const { connectorConfig, connectorSecrets, existingConnect, connectPlugins, coordination } = settings;
  const parting = partingKeys(connectorConfig, Object.keys(connectorSecrets), settings, existingConnect !== undefined);
  for (const key of parting) read.refuse("connectorConfig", followedRefusal(key));
  for (const key of Object.keys(connectorSecrets).filter((each) => isReadKey(each) && !parting.includes(each)))
    read.refuse(
      "connectorConfig",
      `["${key}"] is among the secrets, and the stack goes by its value: give it as a plain one.`,
    );
  // Fields of another image or cluster are not known here.
  if (existingConnect || settings.kafkaImage !== "") return;
  const others = Object.entries(connectorConfig).filter(([key]) => !parting.includes(key));
  const ours = { hasPlugins: connectPlugins !== undefined, coordination };
  for (const sentence of debeziumProblems(Object.fromEntries(others), ours)) read.refuse("connectorConfig", sentence);
}

/** The database and the roles: names that are taken, or the same twice. */
function checkNames(
  read: ValueReader,
  { database, user, captureName, existingDatabase: existing }: PlainSettings,
): void {
  if (!existing && /^template[01]$/.test(database))
    read.wrong("database", "any name but those of Postgres' own templates");
  if (existing && user === captureName)
    read.wrong(
      "captureName",
      `another name than the user of ${read.project}:databaseUrl: the connector gets a role of its own`,
    );
  if (!existing && (TAKEN_ROLES.test(user) || user === captureName))
    read.wrong("user", `${IDENTIFIERS}; not pg_…, public, none, or captureName's ${captureName}`);
  if (TAKEN_ROLES.test(captureName)) read.wrong("captureName", `${IDENTIFIERS}; not pg_…, public, none`);
}

/** How many brokers, workers and consumers there can be with the other settings. */
function checkMembers(read: ValueReader, settings: PlainSettings, members: ClusterSettings): void {
  const { tables } = settings;
  const named = tables.length > 0 && chosenTables(tables).patterns.every(({ table }) => table !== undefined);
  const problems = clusterProblems(members, {
    existingKafka: settings.existingKafka !== undefined,
    existingConnect: settings.existingConnect !== undefined,
    noConsumer: settings.consumer === "none",
    replicationFactor: settings.replicationFactor ?? 0,
    minInsyncReplicas: settings.minInsyncReplicas ?? 0,
    partitions: settings.partitions ?? 1,
    tables: named ? tables.length : undefined,
  });
  for (const [key, sentence] of problems) read.refuse(key, sentence);
}
