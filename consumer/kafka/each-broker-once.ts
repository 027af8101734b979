import type { KafkaConfig, RetryOptions } from "kafkajs";

/**
 * Pure: kafkajs's retries for a question whose asker itself decides whether to ask again: each broker is asked once. kafkajs begins with
 * the first broker each time, and a retry goes on to the next one. Without retries nobody gets past a first broker that is down.
 */
export function eachBrokerOnce(brokers: KafkaConfig["brokers"]): RetryOptions {
  return { retries: Array.isArray(brokers) ? brokers.length - 1 : 0, initialRetryTime: 20, maxRetryTime: 100 };
}
