/** What Kafka does with the old records of a topic: `cleanup.policy`, in its own words. */
import { retentionConfig } from "./retention";

export const CLEANUP_POLICIES = ["delete", "compact", "compact,delete"] as const;

/** `delete` removes records that are too old, `compact` keeps the newest record of each key, and there are both together. */
export type CleanupPolicy = (typeof CLEANUP_POLICIES)[number];

/** Pure: whether Kafka keeps only the newest record of each key. Such a topic takes no record without one. */
export function isCompacted(policy: string): boolean {
  return policy.includes("compact");
}

/** Pure: how long a record stays if no newer one replaces it, in milliseconds; -1 for ever. */
export function keptMs(policy: string, retentionMs: number): number {
  return policy.includes("delete") ? retentionMs : -1;
}

/** Pure: the config of a table's topic. */
export function cleanupConfig(policy: CleanupPolicy, retentionMs: number): Record<string, string> {
  return { "cleanup.policy": policy, ...(policy !== "compact" && retentionConfig(retentionMs)) };
}
