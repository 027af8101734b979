/**
 * Keys of Debezium that other parts of the stack follow: topics, capture, consumer and commands take the same value from a setting. In
 * `cdc:connectorConfig` such a key would move the connector alone. docs/configuration.md shows this list.
 */
import { replicationName } from "../capture/object-names";
import type { ConfigValue } from "../connector";
import type { PipelineArgs } from "../pipeline/pipeline-args";
import type { SettingKey } from "./setting-list";

/** What the rest of the stack goes by. */
export type FollowedSettings = Pick<
  PipelineArgs,
  "prefix" | "topicPrefix" | "captureName" | "connectorName" | "snapshotMode" | "database" | "consumer"
>;

interface Followed {
  /** Settings to use instead. None: nothing decides it. */
  set?: readonly SettingKey[];
  /** Who would not follow. */
  why: string;
  /** Values that are taken all the same, in words; `fits` says which they are. @default the one that the stack has */
  taken?: string;
  fits?: (value: string, settings: FollowedSettings) => boolean;
}

const TABLES: Followed = { set: ["tables"], why: "the tables' topics and the capture follow the setting" };
const TOPIC_NAMES = "topics are made as `topicPrefix.schema.table`, and are read under that name";
const HEARTBEAT = "heartbeats tell what became of captured tables";
const ADDRESS: Followed = {
  set: ["databaseUrl", "databaseAddress"],
  why: "the capture is made in the stack's database; the latter is its address for Kafka Connect",
};

/** Each such key, once. */
export const FOLLOWED: Readonly<Record<string, Followed>> = {
  name: {
    set: ["connectorName"],
    why: "consumer and commands ask for the connector by its name",
    fits: as("connectorName"),
  },
  "topic.prefix": {
    set: ["topicPrefix"],
    why: "the topics are made and read under the setting's",
    fits: as("topicPrefix"),
  },
  "topic.delimiter": { why: TOPIC_NAMES, taken: "`.`", fits: word(".") },
  "topic.naming.strategy": { why: TOPIC_NAMES },
  "topic.heartbeat.prefix": { why: "the stack makes that topic", fits: word("__debezium-heartbeat") },
  "heartbeat.topics.prefix": { why: "the stack makes that topic", fits: word("__debezium-heartbeat") },
  "heartbeat.interval.ms": { why: HEARTBEAT, taken: "any above 0", fits: (value) => !(Number(value) <= 0) },
  "heartbeat.action.query": { why: HEARTBEAT },
  "table.include.list": TABLES,
  "table.exclude.list": TABLES,
  "schema.include.list": TABLES,
  "schema.exclude.list": TABLES,
  "slot.name": {
    set: ["connectorName"],
    why: "consumer and commands look at the slot that is named after project, stack and connector",
    fits: (value, { prefix, connectorName }) => value === replicationName(prefix, connectorName),
  },
  "plugin.name": { why: "pgoutput alone reads the capture's publication", taken: "`pgoutput`", fits: word("pgoutput") },
  "publication.name": {
    set: ["captureName"],
    why: "the capture makes the publication",
    fits: as("captureName"),
  },
  "publication.autocreate.mode": {
    why: "the capture makes the publication",
    taken: "`disabled`",
    fits: word("disabled"),
  },
  "replica.identity.autoset.values": { set: ["replicaIdentity"], why: "the capture sets and watches it" },
  "signal.data.collection": {
    set: ["captureName"],
    why: "the capture makes that table in the schema of this name",
    fits: (value, { captureName }) => value === `${captureName}.signals`,
  },
  "signal.enabled.channels": {
    why: "added tables are read by signals from the database",
    taken: "any with `source`",
    fits: listing("source"),
  },
  "notification.enabled.channels": {
    why: "`up` sees by Kafka that an added table is read",
    taken: "any with `sink`",
    fits: listing("sink"),
  },
  "notification.sink.topic.name": { why: "the stack makes that topic, and `up` reads it" },
  "snapshot.mode": {
    set: ["snapshotMode"],
    why: "previews and remedies go by the setting",
    fits: (value, { snapshotMode }) => value.toLowerCase() === snapshotMode,
  },
  "exactly.once.support": { set: ["exactlyOnce"], why: "workers and batches follow the setting" },
  "offsets.storage.topic": { why: "the consumer reads the workers' topic of offsets" },
  "database.hostname": ADDRESS,
  "database.port": ADDRESS,
  "database.dbname": {
    set: ["database", "databaseUrl"],
    why: "the capture is made in the stack's database",
    fits: as("database"),
  },
  "database.user": {
    set: ["captureName"],
    why: "the capture makes that role",
    fits: as("captureName"),
  },
  "database.password": {
    set: ["capturePassword"],
    why: "the role has the password that the stack knows",
    taken: "with `connectUrl` a reference",
  },
  "value.converter": {
    set: ["consumer"],
    why: "the project's consumer reads JSON; with `none` or an image of your own any is taken",
    taken: "any that writes JSON",
    fits: (value, { consumer }) => consumer !== "handler" || !/avro|protobuf|jsonschema/i.test(value),
  },
};

/** The value that the stack has by this setting. */
function as(key: keyof FollowedSettings): Followed["fits"] {
  return (value, settings) => value === settings[key];
}

function word(allowed: string): Followed["fits"] {
  return (value) => value.toLowerCase() === allowed;
}

function listing(needed: string): Followed["fits"] {
  return (value) => value.split(",").some((each) => each.trim() === needed);
}

/** Whether other parts of the stack follow this key. */
export function isFollowed(key: string): boolean {
  return Object.hasOwn(FOLLOWED, key);
}

/**
 * Pure: the keys that would move the connector alone.
 *
 * @param secretKeys keys whose values nobody is shown
 * @param refersTo whether a reference to the password works, as it does on somebody else's Kafka Connect
 */
export function partingKeys(
  config: Readonly<Record<string, ConfigValue>>,
  secretKeys: readonly string[],
  settings: FollowedSettings,
  refersTo: boolean,
): string[] {
  const parts = ([key, given]: [string, ConfigValue]): boolean =>
    isFollowed(key) &&
    !(refersTo && key === "database.password") &&
    !FOLLOWED[key]!.fits?.(String(given).trim(), settings);
  const plain = Object.entries(config).filter(parts);
  return [...plain.map(([key]) => key), ...secretKeys.filter(isFollowed)];
}

/** A sentence without its subject. */
export function followedRefusal(key: string): string {
  const { set, why, taken } = FOLLOWED[key]!;
  const way = set === undefined ? "Take it away" : `Set ${set.map((setting) => `cdc:${setting}`).join(" or ")} instead`;
  const allowed = taken === undefined ? "" : ` Allowed: ${taken}.`;
  return `["${key}"] is refused: ${why}. ${way}.${allowed}`.replaceAll("`", "");
}

/** Pure: the table of docs/configuration.md: each key, what to set instead, and why. */
export function followedRows(): string[][] {
  return [
    ["key", "instead", "still taken", "since"],
    ...Object.entries(FOLLOWED).map(([key, { set, why, taken }]) => [
      `\`${key}\``,
      set === undefined ? "" : set.map((setting) => `\`${setting}\``).join(", "),
      taken ?? "",
      why,
    ]),
  ];
}
