/** What a connector's transforms do to the ways in which an `up` follows a snapshot: rows in topics, and Debezium's notifications. */
import type { ConfigValue } from "../connector-types";

type Config = Readonly<Record<string, unknown>>;

export const NOTIFICATION_TOPIC = "notification.sink.topic.name";

/** Pure: the names of the transforms for which a config has a class. */
export function transformNames(config: Config): string[] {
  return Object.keys(config).flatMap((key) => /^transforms\.(.+)\.type$/.exec(key)?.[1] ?? []);
}

/** Pure: whether records go through transforms, which may send them to other topics, drop them, or make several of one. */
export function isTransformed(config: Config): boolean {
  return String(config["transforms"] ?? "").trim() !== "";
}

/**
 * Pure: the transforms that also get Debezium's notifications, or may. One that renames or drops these leaves an `up` without news of a
 * snapshot.
 */
export function onNotifications(config: Readonly<Record<string, ConfigValue>>): string[] {
  const topic = String(config[NOTIFICATION_TOPIC] ?? "");
  const listed = String(config["transforms"] ?? "").split(",");
  return listed
    .map((name) => name.trim())
    .filter((name) => name !== "" && getsTopic(config, `transforms.${name}.`, topic));
}

function getsTopic(config: Readonly<Record<string, ConfigValue>>, prefix: string, topic: string): boolean {
  const named = config[`${prefix}predicate`];
  if (named === undefined) return true;
  const isNegated = String(config[`${prefix}negate`] ?? "false") === "true";
  const holds = holdsFor(config, `predicates.${String(named)}.`, topic);
  return holds === undefined || holds !== isNegated;
}

/** Whether a predicate of Kafka's holds for a notification, which has no headers and is no tombstone; undefined: not known here. */
function holdsFor(config: Readonly<Record<string, ConfigValue>>, prefix: string, topic: string): boolean | undefined {
  const type = String(config[`${prefix}type`] ?? "");
  if (/\b(RecordIsTombstone|HasHeaderKey)$/.test(type)) return false;
  if (!/\bTopicNameMatches$/.test(type)) return undefined;
  try {
    return new RegExp(`^(?:${String(config[`${prefix}pattern`])})$`).test(topic);
  } catch {
    return undefined;
  }
}
