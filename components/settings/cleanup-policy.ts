/** What Kafka does with the old records of a topic: `cleanup.policy`, in its own words. */
import { retentionConfig } from "./retention";

export const CLEANUP_POLICIES = ["delete", "compact", "compact,delete"] as const;

/** `delete` removes records that are too old, `compact` keeps the newest record of each key, and there are both together. */
export type CleanupPolicy = (typeof CLEANUP_POLICIES)[number];

/** Pure: whether Kafka keeps only the newest record of each key. Such a topic takes no record without one. */
export function isCompacted(policy: string): boolean {
  return policy.includes("compact");
}

/**
 * Pure: a warning where the newest record of a key may lack values that only an older one has. Without the whole old row Postgres does not
 * tell a large value that an update left alone, and Kafka takes the record away that had it. Tables without large values lose nothing.
 */
export function compactionLoss(policy: string, replicaIdentity: "FULL" | "DEFAULT"): string | undefined {
  if (!isCompacted(policy) || replicaIdentity === "FULL") return undefined;
  return (
    `cdc:cleanupPolicy ${policy} keeps the newest record of each row alone, and with cdc:replicaIdentity DEFAULT that one lacks large values ` +
    "(about 2 kB and more) that its update left alone: whoever reads the topic from its beginning never gets them. Set " +
    "cdc:replicaIdentity to FULL, unless no captured table has such values."
  );
}

/** Pure: how long a record stays if no newer one replaces it, in milliseconds; -1 for ever. */
export function keptMs(policy: string, retentionMs: number): number {
  return policy.includes("delete") ? retentionMs : -1;
}

/** Pure: the config of a table's topic. */
export function cleanupConfig(policy: CleanupPolicy, retentionMs: number): Record<string, string> {
  return { "cleanup.policy": policy, ...(policy !== "compact" && retentionConfig(retentionMs)) };
}
