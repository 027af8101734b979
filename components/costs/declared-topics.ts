import type { AppliedStack } from "../preflight/applied";
import { notificationTopic } from "../connector/snapshot/notifications";
import type { Settings } from "../settings/settings";
import { chosenTables } from "../names/chosen-tables";
import { nameOf } from "../names/table-names";
import { topicOf, topicsBeside } from "../names/topic-names";

/** Settings that decide which topics there are. */
export type TopicSettings = Pick<Settings, "tables" | "topicPrefix">;

/**
 * Pure: topics to which Debezium writes beside those of the tables: for its heartbeats, its notifications and its signals. Kafka
 * Connect makes them itself where it may.
 */
export function connectorTopics({ topicPrefix, captureName }: Pick<Settings, "topicPrefix" | "captureName">): string[] {
  return [
    `__debezium-heartbeat.${topicPrefix}`,
    notificationTopic(topicPrefix),
    topicOf(topicPrefix, `${captureName}.signals`),
  ];
}

/** Pure: topics that follow from the settings alone, and schemas whose tables the database has to be asked for. */
export function declaredTopics({ tables, topicPrefix }: TopicSettings): {
  names: string[];
  schemas: string[];
  leftOut: string[];
} {
  const { patterns, leftOut } = chosenTables(tables);
  const named = patterns.filter(({ table }) => table !== undefined).map(nameOf);
  return {
    names: [...named.map((table) => topicOf(topicPrefix, table)), ...Object.values(topicsBeside(topicPrefix))],
    schemas: patterns.filter(({ table }) => table === undefined).map(({ schema }) => schema),
    leftOut,
  };
}

/**
 * Pure: topics of the state that the settings declare no longer.
 *
 * @param dropped captured tables that the database no longer has, or not as such: see `droppedTables`
 * @param further topics that are declared beside those of the tables
 */
export function leavingTopics(
  applied: AppliedStack,
  settings: TopicSettings,
  dropped: readonly string[],
  further: readonly string[] = [],
): string[] {
  const { names, schemas, leftOut } = declaredTopics(settings);
  const captured = applied.capture?.captured ?? [];
  const stays = (table: string): boolean =>
    schemas.some((schema) => table.startsWith(`${schema}.`)) && !dropped.includes(table) && !leftOut.includes(table);
  const declared = [
    ...names,
    ...further,
    ...captured.filter(stays).map((table) => topicOf(settings.topicPrefix, table)),
  ];
  return applied.topics.map(({ name }) => name).filter((name) => !declared.includes(name));
}
