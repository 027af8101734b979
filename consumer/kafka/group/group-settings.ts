/** How this member of the consumer group fetches, and how long it tries. */
import type { KafkaConfig } from "kafkajs";

/** Group and fetch settings; what is not said is kafkajs's default. */
export const CONSUMER = {
  // A killed member blocks its partitions this long. 6 s is the least a broker allows by default.
  sessionTimeout: 6_000,
  heartbeatInterval: 1_500,
  // How long the group waits for a member to join again. A member joins without waiting for its handlers, see lanes.ts and assigner.ts.
  rebalanceTimeout: 30_000,
  // The broker answers as soon as there is one byte; else after this. kafkajs sends heartbeats between fetches only.
  minBytes: 1,
  maxWaitTimeInMs: 1_500,
  maxBytesPerPartition: 1 << 20,
  maxBytes: 16 << 20,
} as const;

/** The same while a partition is left out whose lane is full: it is to be in a fetch again soon after there is room. */
export const WAIT_WHILE_HOLDING_MS = 50;

/**
 * Half a minute, so that a broker that restarts finds this member again; a new one would wait for the old one's session
 * to end. After that kafkajs calls it a crash.
 */
const RETRY = { initialRetryTime: 100, maxRetryTime: 500, retries: 60 } as const;
/**
 * With several brokers: kafkajs asks the group's former coordinator again and again, though another broker has the group by now. A new consumer
 * looks the coordinator up.
 */
const RETRY_ONE_OF_SEVERAL = { ...RETRY, retries: 5 } as const;

/** How often kafkajs tries again, with so many brokers. */
export function patienceWith(brokers: KafkaConfig["brokers"]): typeof RETRY | typeof RETRY_ONE_OF_SEVERAL {
  return Array.isArray(brokers) && brokers.length > 1 ? RETRY_ONE_OF_SEVERAL : RETRY;
}
