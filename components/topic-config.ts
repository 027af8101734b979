/** The config that each kind of topic is made with: one source for the topics themselves and for what asks a Kafka beforehand whether it would make them. */
import { cleanupConfig, type CleanupPolicy } from "./settings/cleanup-policy";
import { USUAL_RETENTION_MS } from "./settings/retention";

export interface TopicConfigArgs {
  /** How many copies must have a record before it counts as written. @default as the broker has it */
  minInsyncReplicas?: number;
  /** The largest record in bytes, in a Kafka that somebody else runs. The stack's own broker has it once for all topics. */
  maxRecordBytes?: number;
  /** How long the tables' topics keep records, in milliseconds; -1 for ever. @default 7 days */
  retentionMs?: number;
  /** What Kafka does with the tables' older records. @default "delete" */
  cleanupPolicy?: CleanupPolicy;
}

type Config = Record<string, string>;

/** Pure: of a captured table. */
export function tableConfig(args: TopicConfigArgs): Config {
  const { cleanupPolicy = "delete", retentionMs = USUAL_RETENTION_MS } = args;
  return { ...besideConfig(args), ...cleanupConfig(cleanupPolicy, retentionMs) };
}

/** Pure: of messages, and of what Debezium writes beside the tables. */
export function besideConfig(args: TopicConfigArgs): Config {
  return { "cleanup.policy": "delete", ...sharedConfig(args) };
}

/** Pure: of records that are never deleted because of their age. */
export function keptConfig(args: TopicConfigArgs): Config {
  return { ...besideConfig(args), "retention.ms": "-1" };
}

/** Pure: of a program's state. @param own of that topic */
export function stateConfig(args: TopicConfigArgs, own: Config): Config {
  return { ...sharedConfig(args), "cleanup.policy": "compact", ...own };
}

/** Config that the stack's own broker has once for all topics, and that is set for each topic in another Kafka. */
function sharedConfig({ maxRecordBytes, minInsyncReplicas = 0 }: TopicConfigArgs): Config {
  return {
    ...(minInsyncReplicas > 0 && { "min.insync.replicas": String(minInsyncReplicas) }),
    ...(maxRecordBytes !== undefined && {
      "max.message.bytes": String(maxRecordBytes),
      "retention.ms": String(USUAL_RETENTION_MS),
    }),
  };
}
