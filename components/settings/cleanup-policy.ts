/** What Kafka does with the old records of a topic: `cleanup.policy`, in its own words. */
import { retentionConfig } from "./retention";

export const CLEANUP_POLICIES = ["delete", "compact", "compact,delete"] as const;

/** `delete` what is too old, `compact`: keep the newest record of each key, or both. */
export type CleanupPolicy = (typeof CLEANUP_POLICIES)[number];

/** Pure: whether Kafka keeps only the newest record of each key. Such a topic takes no record without one. */
export function isCompacted(policy: string): boolean {
  return policy.includes("compact");
}

/** Pure: how long a record stays that no newer one replaces, in milliseconds; -1 for ever. */
export function keptMs(policy: string, retentionMs: number): number {
  return policy.includes("delete") ? retentionMs : -1;
}

/** Pure: the config of a table's topic. */
export function cleanupConfig(policy: CleanupPolicy, retentionMs: number): Record<string, string> {
  return { "cleanup.policy": policy, ...(policy !== "compact" && retentionConfig(retentionMs)) };
}
