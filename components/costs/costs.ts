import type { AppliedStack } from "../preflight/applied";
import type { Settings } from "../settings/settings";
import { isCompacted, keptMs } from "../settings/cleanup-policy";
import { isShorter } from "../settings/retention";
import type { MovedDatabase } from "./moved-database";
import { deadLetterTopicOf, topicOf } from "../names/topic-names";

export type CostSettings = Pick<
  Settings,
  | "tables"
  | "topicPrefix"
  | "connectorName"
  | "captureName"
  | "snapshotMode"
  | "keepTopics"
  | "consumer"
  | "retentionMs"
  | "cleanupPolicy"
>;

/** What a change of settings costs. */
export interface Cost {
  /** For the reader: whole sentences. */
  text: string;
  /** Whether something is lost that the former setting does not bring back. */
  loses: boolean;
}

/** A topic's records, and those of them that the consumer's group has not committed. */
export interface TopicCount {
  records: number;
  unread: number;
}

/** The data that a change may lose, asked from broker and database; undefined when they could not be asked. */
export interface DataAtStake {
  /** By topic; undefined for one that could not be asked. */
  topics: ReadonlyMap<string, TopicCount | undefined> | undefined;
  /** Bytes of log that were not read from the slot yet. */
  unreadLog: number | undefined;
  /** Another database takes the place of the captured one. */
  moved?: MovedDatabase;
  /** Connectors beside the pipeline's in the stack's own Kafka Connect; `unknown`: it could not be asked. @default none */
  connectors?: readonly string[] | "unknown";
}

/** Pure: whether these settings drop the connector's slot, so that it begins from nothing. */
export function dropsSlot({ connector, capture }: AppliedStack, settings: CostSettings): boolean {
  if (connector === undefined) return false;
  return (
    connector.connectorName !== settings.connectorName ||
    (capture !== undefined && capture.captureName !== settings.captureName)
  );
}

/** Tables' topics that stay, but in which Kafka keeps fewer records than before. */
export interface Thinned {
  /** Topics with a shorter retention. */
  shortened: string[];
  /** Topics in which Kafka from now on keeps only the newest record of each key. */
  compacted: string[];
}

/** Pure. */
export function thinnedTopics(
  { topics, capture }: AppliedStack,
  settings: CostSettings,
  leaving: readonly string[],
): Thinned {
  const ofTables = (capture?.captured ?? []).map((table) => topicOf(settings.topicPrefix, table));
  const staying = topics.filter(({ name }) => ofTables.includes(name) && !leaving.includes(name));
  const kept = keptMs(settings.cleanupPolicy, settings.retentionMs);
  const named = (found: typeof topics) => found.map(({ name }) => name);
  return {
    shortened: named(staying.filter(({ retentionMs }) => isShorter(kept, retentionMs))),
    compacted: named(staying.filter(({ compacted }) => isCompacted(settings.cleanupPolicy) && !compacted)),
  };
}

/** Pure: what it costs to go from what was applied last to these settings. */
export function costsOf(
  applied: AppliedStack,
  settings: CostSettings,
  leaving: readonly string[],
  seen: DataAtStake,
): Cost[] {
  const { shortened, compacted } = thinnedTopics(applied, settings, leaving);
  return [
    ...slotCosts(applied, settings, seen),
    ...prefixCosts(applied, settings),
    ...leaving.map((topic) => topicCost(applied, settings, topic, seen)),
    ...shortened.map((topic) => retentionCost(settings, topic, seen)),
    ...compacted.map((topic) => compactionCost(settings, topic, seen)),
  ];
}

function slotCosts(applied: AppliedStack, settings: CostSettings, { unreadLog, moved }: DataAtStake): Cost[] {
  const { connector, capture } = applied;
  if (moved !== undefined) return [{ text: movedText(moved, settings, unreadLog), loses: true }];
  if (connector === undefined || !dropsSlot(applied, settings)) return [];
  const renamed = [
    changed("connectorName", connector.connectorName, settings.connectorName),
    changed("captureName", capture?.captureName ?? settings.captureName, settings.captureName),
  ].filter((each) => each !== "");
  const text =
    `${renamed.join(", ")}: the connector begins anew. Slot ${connector.slotName} is dropped ${unread(unreadLog)}, and ` +
    `the offsets go with it. ${readAgain(settings)}`;
  return [{ text, loses: true }];
}

function movedText(
  { from, to, capture, address }: MovedDatabase,
  settings: CostSettings,
  bytes: number | undefined,
): string {
  const { role, publication, slotName } = capture;
  const dropped =
    bytes === undefined
      ? `Slot ${slotName} cannot be asked for what it has not given out yet. It is dropped with role ${role} and publication ${publication}; if ` +
        "that server does not answer, they stay there, and the slot keeps its log until somebody drops it."
      : `Slot ${slotName} there is dropped ${unread(bytes)}, and role ${role} and publication ${publication} with it.`;
  return (
    `cdc:databaseUrl ${from} -> ${to}: another database, so the connector begins anew. ${dropped} ${readAgain(settings)} Topics and the ` +
    "consumer's position stay: after the former database's records come a TRUNCATE and the rows of the other one. Their " +
    "eventIds may be smaller, so copies that go by them (as /rows) take them for older: with another cdc:topicPrefix they have topics of their own." +
    (address === undefined
      ? ""
      : ` Kafka Connect reads at cdc:databaseAddress, which stays ${address}: it has to lead to the other database by now, or \`up\` fails.`)
  );
}

function changed(key: string, before: string, after: string): string {
  return before === after ? "" : `cdc:${key} ${before} -> ${after}`;
}

/** Pure: the log that a slot has not given out yet, for a sentence. @param bytes undefined: not known */
export function unread(bytes: number | undefined): string {
  if (bytes === undefined) return "with what it has not given out yet (how much could not be asked)";
  const mb = bytes / 1e6;
  return mb < 1 ? "with less than 1 MB of unread log" : `with ${Math.round(mb)} MB of unread log`;
}

/** Pure: a sentence about what becomes of existing rows. */
export function readAgain({ snapshotMode }: Pick<CostSettings, "snapshotMode">): string {
  if (snapshotMode === "no_data")
    return "No row is read again (snapshotMode no_data): what was changed meanwhile never arrives.";
  return (
    `Every row is read again (snapshotMode ${snapshotMode}), so the handler gets each once more; for rows deleted ` +
    "meanwhile it gets no DELETE."
  );
}

function prefixCosts({ connector }: AppliedStack, settings: CostSettings): Cost[] {
  if (connector === undefined || connector.topicPrefix === settings.topicPrefix) return [];
  const text =
    `${changed("topicPrefix", connector.topicPrefix, settings.topicPrefix)}: changes go to topics of new names, and the ` +
    `consumer's group begins at their beginning. ${readAgain(settings)}`;
  return [{ text, loses: true }];
}

function retentionCost(settings: CostSettings, topic: string, seen: DataAtStake): Cost {
  return thinningCost(
    settings,
    topic,
    seen,
    `Kafka deletes what is older than ${settings.retentionMs / 3_600_000} h of`,
  );
}

function compactionCost(settings: CostSettings, topic: string, seen: DataAtStake): Cost {
  return thinningCost(settings, topic, seen, "Kafka keeps the newest record of each key alone of");
}

function thinningCost({ consumer }: CostSettings, topic: string, { topics }: DataAtStake, what: string): Cost {
  const count = countOf(topics, topic);
  return {
    text: `Topic ${topic}: ${what} ${contents(count, consumer !== "none")}.`,
    loses: count === undefined || count.records > 0,
  };
}

function topicCost(
  { connector, keepsTopics }: AppliedStack,
  settings: CostSettings,
  topic: string,
  seen: DataAtStake,
): Cost {
  const count = countOf(seen.topics, topic);
  const isDeadLetters = connector !== undefined && topic === deadLetterTopicOf(connector.topicPrefix);
  // Dead letters are read by people. Without a consumer in the stack, it is not known who has read which records.
  const isHandled = !isDeadLetters && settings.consumer !== "none";
  const text = `${isDeadLetters ? "Dead letters" : "Topic"} ${topic}: ${fate(keepsTopics, settings, contents(count, isHandled))}`;
  if (count === undefined) return { text, loses: !keepsTopics || isHandled };
  return { text, loses: keepsTopics ? isHandled && count.unread > 0 : count.records > 0 };
}

/** Pure: what a topic holds; undefined: it could not be asked. One that was not found holds nothing. */
export function countOf(topics: DataAtStake["topics"], name: string): TopicCount | undefined {
  return topics?.has(name) === false ? { records: 0, unread: 0 } : topics?.get(name);
}

/** Pure. @param count undefined: not known @param isHandled whether there is a consumer that commits what it has handled */
export function contents(count: TopicCount | undefined, isHandled: boolean): string {
  if (count === undefined) return "all its records (how many could not be asked)";
  const records = `${count.records} record${count.records === 1 ? "" : "s"}`;
  return isHandled ? `${records}, ${count.unread === 0 ? "all" : `${count.unread} not yet`} handled` : records;
}

function fate(keeps: boolean, { keepTopics }: CostSettings, what: string): string {
  if (!keeps) return `deleted, with ${what}.`;
  const late = keepTopics ? "" : " cdc:keepTopics false counts for what leaves after this `up`.";
  return `stays in Kafka with ${what}; nothing writes to it any more, and the stack does not read it.${late}`;
}
