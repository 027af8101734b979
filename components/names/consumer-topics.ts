/** Topics to which a connector's transforms send its records, as far as its config shows them. The consumer reads them too. */
import { TOPIC_PATTERN } from "../../consumer/config";
import type { ConfigValue } from "../connector";
import { listedTransforms, tombstoneMode } from "../connector/snapshot/transforms";

export interface RoutedTopics {
  /** Names of topics beside the tables' own, in which `*` stands for any characters. */
  patterns: string[];
  /** A sentence for each transform that keeps records from the handler. */
  warnings: string[];
}

type Config = Record<string, ConfigValue>;

/** Pure. @param topics those of the tables */
export function routedTopics(config: Config, topics: readonly string[]): RoutedTopics {
  const warnings: string[] = [];
  let reached = [...topics];
  for (const name of listedTransforms(config)) {
    const prefix = `transforms.${name}.`;
    const lost = lostBy(config, name);
    if (lost !== undefined) warnings.push(`transforms.${name}: ${lost}`);
    const routed = routeOf(config, prefix);
    if (routed === undefined) continue;
    try {
      // With a predicate, only some records are sent elsewhere. So the topics before the transform stay.
      const made = reached.flatMap((topic) => routed(topic) ?? []);
      reached = [...new Set([...reached, ...made])];
      const unread = [...new Set(made.filter((topic) => !isReadable(topic)))];
      if (unread.length > 0) warnings.push(unreadable(name, unread));
    } catch (error) {
      warnings.push(
        `The topics to which transforms.${name} sends records are not known (${(error as Error).message}); the consumer ` +
          "does not read them. Name them in cdc:consumerTopics.",
      );
    }
  }
  return { patterns: reached.filter((topic) => !topics.includes(topic) && isReadable(topic)), warnings };
}

/** Whether the consumer takes it. One that begins with a `*` might match Kafka's own topics, and no name at all matches none. */
function isReadable(topic: string): boolean {
  return TOPIC_PATTERN.test(topic);
}

function unreadable(transform: string, topics: readonly string[]): string {
  const named = topics.map((topic) => JSON.stringify(topic)).join(", ");
  return (
    `transforms.${transform} sends records to topics called ${named}, which the consumer does not read: a name has letters, digits, ` +
    "., - and _, and what stands for any characters (*) may not be first. Let the topics begin with a word of their own, or name " +
    "them in cdc:consumerTopics."
  );
}

/** Maps a topic to the one that its records go to instead; undefined for a transform that does not change topics. */
function routeOf(config: Config, prefix: string): ((topic: string) => string | undefined) | undefined {
  const type = String(config[`${prefix}type`] ?? "");
  const option = (key: string, otherwise = ""): string => String(config[prefix + key] ?? otherwise);
  switch (classOf(type)) {
    case "EventRouter":
      return () => withWildcards(option("route.topic.replacement", "outbox.event.${routedByValue}"));
    case "ByLogicalTableRouter":
      return replacing(option("topic.regex"), option("topic.replacement"));
    case "RegexRouter":
      return replacing(option("regex"), option("replacement"));
    case "TimestampRouter":
      return (topic) => withWildcards(option("topic.format", "${topic}-${timestamp}").replaceAll("${topic}", topic));
    case "TimescaleDb":
      return () => `${option("target.topic.prefix", "timescaledb")}.*`;
    case "PartitionRouting":
      return undefined;
    case "ExtractNewRecordState":
      return option("route.by.field") === "" ? undefined : untellable("its topic is the value of a column");
    default:
      return /Rout(er|ing)|Topic/.test(type) ? untellable(`${type} is not known here`) : undefined;
  }
}

/** A sentence about what a transform keeps from the handler; undefined: nothing. */
function lostBy(config: Config, name: string): string | undefined {
  const mode = tombstoneMode(config, name);
  switch (classOf(String(config[`transforms.${name}.type`] ?? ""))) {
    case "TimestampRouter":
      return (
        "TimestampRouter fails the connector's task at its first record (Timestamp missing on record), since Debezium's records " +
        "get their time from Kafka. Route by RegexRouter or ByLogicalTableRouter."
      );
    case "ExtractNewRecordState":
      if (mode === "drop")
        return "deletes are dropped (delete.tombstone.handling.mode); `rewrite-with-tombstone` keeps them.";
      if (mode !== "delete-to-tombstone") return undefined;
      return (
        "of a delete only the tombstone is left (delete.tombstone.handling.mode is delete-to-tombstone), which the handler does " +
        "not get; `rewrite-with-tombstone` keeps the delete."
      );
    default:
      return undefined;
  }
}

function classOf(type: string): string | undefined {
  return type.split(/[.$]/).find((part) => /^[A-Z]/.test(part));
}

/** Replaces as Java does: the expression has to match the whole name, and `$1` and `${name}` refer to its groups. */
function replacing(regex: string, replacement: string): (topic: string) => string | undefined {
  return (topic) => {
    const form = new RegExp(`^(?:${regex})$`);
    if (!form.test(topic)) return undefined;
    return topic.replace(form, replacement.replace(/\$\{(\w+)\}/g, "$<$1>"));
  };
}

function withWildcards(name: string): string {
  return name.replace(/\$(\{\w+\}|\d)/g, "*");
}

function untellable(reason: string): () => never {
  return () => {
    throw new Error(reason);
  };
}
