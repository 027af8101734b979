/**
 * Levels of the logs of the stack's programs, from the fewest lines on: Kafka Connect with Debezium, the broker, ZooKeeper and the consumer. The
 * consumer writes no lines below `info`.
 */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];
