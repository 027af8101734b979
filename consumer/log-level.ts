/**
 * How much the stack's programs log, from the least: Kafka Connect with Debezium, the broker, ZooKeeper and the consumer. The consumer
 * writes nothing below `info`.
 */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];
