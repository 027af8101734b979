/** Deletes in a topic that is only compacted: Kafka takes a key out of it only behind a tombstone, which a connector's config may keep from it. */
import { getsTombstones, listedTransforms, tombstoneMode } from "../connector/snapshot/transforms";

type Config = Readonly<Record<string, unknown>>;

interface Reason {
  why: string;
  way: string;
}

const MODE = "delete.tombstone.handling.mode";
const OFF: Reason = { why: 'cdc:connectorConfig["tombstones.on.delete"] is false', way: "Take the key away" };

/**
 * Pure: a warning where a deleted row's key stays in its topic for ever.
 *
 * @param policy `cdc:cleanupPolicy`
 * @param config `cdc:connectorConfig`
 */
export function keptDeletes(policy: string, config: Config): string | undefined {
  if (policy !== "compact") return undefined;
  const isOff = String(config["tombstones.on.delete"] ?? "true").toLowerCase() === "false";
  let reason: Reason | undefined = isOff ? OFF : undefined;
  for (const name of listedTransforms(config)) reason = behind(config, name, reason);
  if (reason === undefined) return undefined;
  return (
    `${reason.why}, and with cdc:cleanupPolicy compact the newest record of each deleted row stays in its topic for ever, often with the old ` +
    `row in it: Kafka takes a key away only behind a tombstone. ${reason.way}, or set cdc:cleanupPolicy to delete or to compact,delete.`
  );
}

/** Why there are no tombstones behind this transform; undefined: there are. @param before the same of what it gets */
function behind(config: Config, name: string, before: Reason | undefined): Reason | undefined {
  const prefix = `transforms.${name}.`;
  const type = String(config[`${prefix}type`] ?? "");
  if (!getsTombstones(config, name)) return before;
  if (type === "org.apache.kafka.connect.transforms.Filter" && dropsTombstones(config, prefix))
    return { why: `transforms.${name} drops tombstones`, way: "Take it away" };
  if (!type.startsWith("io.debezium.transforms.ExtractNewRecordState")) return before;
  const mode = tombstoneMode(config, name);
  // It makes tombstones of the deletes themselves.
  if (mode === "delete-to-tombstone") return undefined;
  if (mode === "rewrite-with-tombstone" || (mode === "tombstone" && !writesNull(config))) return before;
  const key = `cdc:connectorConfig["${prefix}${MODE}"]`;
  const made = mode === "tombstone" ? "writes the text null in their place" : "drops them";
  return {
    why: `transforms.${name} gets tombstones and ${made} (${MODE} is ${mode})`,
    way: `Set ${key} to rewrite-with-tombstone`,
  };
}

/** One with another predicate drops all records for which that holds. */
function dropsTombstones(config: Config, prefix: string): boolean {
  return /\bRecordIsTombstone$/.test(String(config[`predicates.${String(config[`${prefix}predicate`])}.type`] ?? ""));
}

/** Kafka's JSON converter, and so the stack's own, writes a null that has a schema as four letters. */
function writesNull(config: Config): boolean {
  return /JsonConverter$/.test(String(config["value.converter"] ?? "org.apache.kafka.connect.json.JsonConverter"));
}
