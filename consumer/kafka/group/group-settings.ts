/** How this member of the consumer group fetches, and how long it tries. */
import type { KafkaConfig } from "kafkajs";

/** Group and fetch settings. All others are kafkajs's defaults. */
export const CONSUMER = {
  // Nobody reads a killed member's partitions for this long. A broker allows no less than 6 s by default.
  sessionTimeout: 6_000,
  heartbeatInterval: 1_500,
  // How long the group waits for a member to join again. A member joins without waiting for its handlers, see lanes.ts and assigner.ts.
  rebalanceTimeout: 30_000,
  // The broker answers as soon as it has one byte, or else after maxWaitTimeInMs. kafkajs sends heartbeats only between fetches.
  minBytes: 1,
  maxWaitTimeInMs: 1_500,
  maxBytesPerPartition: 1 << 20,
  maxBytes: 16 << 20,
} as const;

/** `maxWaitTimeInMs` while fetches leave out a partition whose lane is full. It is to be fetched again soon after the lane has room. */
export const WAIT_WHILE_HOLDING_MS = 50;

/**
 * Half a minute of retries, so that this consumer is still a member when a restarted broker is back. A new consumer would have to
 * wait until the old one's session ends. After the last retry, kafkajs reports a crash.
 */
const RETRY = { initialRetryTime: 100, maxRetryTime: 500, retries: 60 } as const;
/**
 * With several brokers, fewer retries: kafkajs goes on asking the group's former coordinator, though the group has moved to another broker by then.
 * A new consumer looks the coordinator up.
 */
const RETRY_ONE_OF_SEVERAL = { ...RETRY, retries: 5 } as const;

/** kafkajs's retries, with this number of brokers. */
export function patienceWith(brokers: KafkaConfig["brokers"]): typeof RETRY | typeof RETRY_ONE_OF_SEVERAL {
  return Array.isArray(brokers) && brokers.length > 1 ? RETRY_ONE_OF_SEVERAL : RETRY;
}
