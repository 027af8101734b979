/** How often each record is kept, and how many copies must have it before it counts as written. */
export interface Durability {
  copies: number;
  minInsync: number;
}

/** What the field keeps of what is not to be lost: of three one may fail while another is being restarted. */
const MOST_COPIES = 3;

interface Asked {
  brokers?: number;
  replicationFactor?: number;
  minInsyncReplicas?: number;
}

/** Pure: of a stack's own brokers. 0 stands for what they can do best: three copies, of which two have each record that counts as written. */
export function durabilityOf({ brokers = 1, replicationFactor = 0, minInsyncReplicas = 0 }: Asked): Durability {
  const copies = replicationFactor > 0 ? replicationFactor : Math.min(brokers, MOST_COPIES);
  // One less than there are, so that one may fail and all goes on.
  return { copies, minInsync: minInsyncReplicas > 0 ? minInsyncReplicas : Math.max(1, Math.min(copies - 1, 2)) };
}
