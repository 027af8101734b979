/** How many copies of each record are kept, and how many must have it before it counts as written. */
export interface Durability {
  copies: number;
  minInsync: number;
}

/** The usual number of copies of data that must not be lost. With three, one may fail while another is being restarted. */
const MOST_COPIES = 3;

interface Asked {
  brokers?: number;
  replicationFactor?: number;
  minInsyncReplicas?: number;
}

/** Pure: for a stack's own brokers. 0 means the best that they can do: up to three copies, of which two must have a record that counts as written. */
export function durabilityOf({ brokers = 1, replicationFactor = 0, minInsyncReplicas = 0 }: Asked): Durability {
  const copies = replicationFactor > 0 ? replicationFactor : Math.min(brokers, MOST_COPIES);
  // One less than the copies, so that writes go on when one fails.
  return { copies, minInsync: minInsyncReplicas > 0 ? minInsyncReplicas : Math.max(1, Math.min(copies - 1, 2)) };
}
