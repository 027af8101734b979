/** Keys of a Postgres source that are the stack's and somebody's own at once: lists that hold both, and transforms that pass by the stack's own records. */
import * as pulumi from "@pulumi/pulumi";
import { notificationTopic } from "../snapshot/notifications";
import { NOTIFICATION_TOPIC, onOwnMessages, transformNames } from "../snapshot/transforms";
import type { ConfigValue } from "../connector-types";
import type { PostgresSourceArgs } from "./postgres-source";
import { listed } from "./listed";
import { TEXT_CONVERTER } from "./source-speed";

type In<T> = pulumi.Input<T>;
type Config = Record<string, In<ConfigValue>>;

/** The keys that take the place of those in `overrides`. */
export function besideOverrides(args: PostgresSourceArgs): Config {
  return { ...messages(args), ...converters(args), ...spared(args) };
}

/** What the stack tells itself in the database's log, beside heartbeats: changed tables, and what was lost. */
const TOLD = String.raw`cdc\.(?!heartbeat$).+`;
const HEARTBEATS = String.raw`cdc\.heartbeat`;

/** All of the stack's own. */
const OWN = String.raw`cdc\..+`;

/**
 * Which messages in the log are handed on. A list in `overrides` decides about other people's alone: the stack hears its own, and a heartbeat is for
 * nobody else. None of the stack's is handed on to a transform that fails at it. Debezium refuses a config with both lists.
 */
function messages({ topicPrefix, overrides = {} }: PostgresSourceArgs): Config {
  const [include, exclude] = ["message.prefix.include.list", "message.prefix.exclude.list"] as const;
  if (onOwnMessages({ ...overrides, "topic.prefix": topicPrefix }).length > 0)
    return include in overrides
      ? { [include]: mapped(overrides[include]!, withoutOurs) }
      : { [exclude]: withOurs(overrides[exclude], OWN) };
  const [key, ours] = include in overrides ? [include, TOLD] : [exclude, HEARTBEATS];
  return { [key]: withOurs(overrides[key], ours) };
}

/**
 * Converters in `overrides` come before the stack's own: Debezium takes the first that wants a column. Without the stack's own, columns whose
 * types Debezium does not read whole would be written otherwise. It has another name where `overrides` has the usual one for a converter.
 */
function converters({ extensions = true, overrides = {} }: PostgresSourceArgs): Config {
  const own = overrides["converters"];
  if (!extensions || own === undefined) return {};
  const type = overrides[`${TEXT_CONVERTER.name}.type`];
  const isTaken = type !== undefined && type !== TEXT_CONVERTER.type;
  const name = isTaken ? `cdc_${TEXT_CONVERTER.name}` : TEXT_CONVERTER.name;
  return { converters: withOurs(own, name), ...(isTaken && { [`${name}.type`]: TEXT_CONVERTER.type }) };
}

/** Name of the predicate that picks out the records of Debezium's notifications. */
const NOTIFICATIONS = "cdcNotifications";

/**
 * Transforms in `overrides` pass by the notifications, by which an `up` sees that rows are read. One that renames all topics would
 * take them away from there. A transform has one predicate at most, so one that has its own is left as it is.
 */
function spared({ topicPrefix, signalTable, overrides = {} }: PostgresSourceArgs): Config {
  const names = transformNames(overrides).filter((name) => !(`transforms.${name}.predicate` in overrides));
  if (!signalTable || names.length === 0) return {};
  const topic = overrides[NOTIFICATION_TOPIC] ?? mapped(topicPrefix, notificationTopic);
  return {
    predicates: withOurs(overrides["predicates"], NOTIFICATIONS),
    [`predicates.${NOTIFICATIONS}.type`]: "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
    [`predicates.${NOTIFICATIONS}.pattern`]: mapped(topic, (name) => String(name).replace(/[^\w-]/g, String.raw`\$&`)),
    ...Object.fromEntries(
      names.flatMap((name): [string, ConfigValue][] => [
        [`transforms.${name}.predicate`, NOTIFICATIONS],
        [`transforms.${name}.negate`, true],
      ]),
    ),
  };
}

/** Patterns that match none of the stack's messages. Made again from its own result it is the same. */
function withoutOurs(list: ConfigValue): string {
  const barred = String.raw`(?!cdc\.)`;
  return listed(list)
    .map((each) => (each.startsWith(barred) ? each : `${barred}(?:${each})`))
    .join(",");
}

/** A list of Connect's with an entry of ours at its end. */
function withOurs(own: In<ConfigValue> | undefined, ours: string): In<ConfigValue> {
  return mapped(own ?? "", (list) => [...listed(list).filter((each) => each !== ours), ours].join(","));
}

/** The value by `to`, at once where it is known. */
function mapped<T extends ConfigValue>(value: In<T>, to: (value: T) => ConfigValue): In<ConfigValue> {
  return typeof value === "object" ? pulumi.output(value).apply((known) => to(known as T)) : to(value);
}
