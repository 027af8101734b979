/** What a connector's transforms do to the ways in which an `up` follows a snapshot: rows in topics, and Debezium's notifications. */
import { listed } from "../config/listed";
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

/** Pure: the names of the transforms by which records go, in order. */
export function listedTransforms(config: Config): string[] {
  return listed(config["transforms"]);
}

/**
 * Pure: the transforms that also get Debezium's notifications, or may. One that renames or drops these leaves an `up` without news of a
 * snapshot.
 */
export function onNotifications(config: Readonly<Record<string, ConfigValue>>): string[] {
  const topic = String(config[NOTIFICATION_TOPIC] ?? "");
  return listedTransforms(config).filter((name) => gets(config, name, (type, p) => ofNotification(type, p, topic)));
}

/**
 * Pure: the transforms that fail the connector's task for good at a message in the database's log that holds no JSON object, and get such messages. Behind
 * one, even JSON of the stack's would be taken for an event of the outbox.
 */
export function onOwnMessages(config: Config): string[] {
  const topic = `${String(config["topic.prefix"])}.message`;
  return listedTransforms(config).filter(
    (name) =>
      String(config[`transforms.${name}.type`]).endsWith(".DecodeLogicalDecodingMessageContent") &&
      gets(config, name, (type, pattern) => ofNotification(type, pattern, topic)),
  );
}

/** Pure: whether a transform gets the tombstones that follow deletes, or may: a predicate may be about some topics alone. */
export function getsTombstones(config: Config, name: string): boolean {
  return gets(config, name, (type) => {
    if (/\bRecordIsTombstone$/.test(type)) return true;
    return /\bHasHeaderKey$/.test(type) ? false : undefined;
  });
}

/** Pure: what an `ExtractNewRecordState` makes of deletes and their tombstones. */
export function tombstoneMode(config: Config, name: string): string {
  const mode = config[`transforms.${name}.delete.tombstone.handling.mode`] ?? "tombstone";
  return String(mode).trim().toLowerCase();
}

/** @param holds whether a predicate of Kafka's holds for the records that are asked about; undefined: not known */
function gets(config: Config, name: string, holds: (type: string, pattern: string) => boolean | undefined): boolean {
  const named = config[`transforms.${name}.predicate`];
  if (named === undefined) return true;
  const isNegated = String(config[`transforms.${name}.negate`] ?? "false").toLowerCase() === "true";
  const predicate = `predicates.${String(named)}.`;
  const isHeld = holds(String(config[`${predicate}type`] ?? ""), String(config[`${predicate}pattern`]));
  return isHeld === undefined || isHeld !== isNegated;
}

/** A notification has no headers and is no tombstone; nor has a message of the log, or is. */
function ofNotification(type: string, pattern: string, topic: string): boolean | undefined {
  if (/\b(RecordIsTombstone|HasHeaderKey)$/.test(type)) return false;
  if (!/\bTopicNameMatches$/.test(type)) return undefined;
  try {
    return new RegExp(`^(?:${pattern})$`).test(topic);
  } catch {
    return undefined;
  }
}
