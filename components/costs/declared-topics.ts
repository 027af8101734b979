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
  const declared = [...declaredTopics(settings).names, ...further, ...stayingTopics(applied, settings, dropped)];
  return applied.topics.map(({ name }) => name).filter((name) => !declared.includes(name));
}

/**
 * Pure: topics of the state whose tables are captured by a `schema.*`, and of which nothing says that they leave. Nobody is asked about them, so this
 * `up` keeps them also where the database says later that a table is gone: it may not have answered before, or the table may be dropped meanwhile.
 */
export function stayingTopics(
  { capture, topics }: AppliedStack,
  settings: TopicSettings,
  dropped: readonly string[],
): string[] {
  const { schemas, leftOut } = declaredTopics(settings);
  const stays = (table: string): boolean =>
    schemas.some((schema) => table.startsWith(`${schema}.`)) && !dropped.includes(table) && !leftOut.includes(table);
  const ofTables = (capture?.captured ?? []).filter(stays).map((table) => topicOf(settings.topicPrefix, table));
  return topics.map(({ name }) => name).filter((name) => ofTables.includes(name));
}
