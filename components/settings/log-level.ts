/** How much the stack's programs log: Kafka Connect with Debezium, the broker, ZooKeeper and the consumer. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];
