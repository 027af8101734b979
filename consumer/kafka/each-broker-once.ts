import type { KafkaConfig, RetryOptions } from "kafkajs";

/**
 * Pure: kafkajs's retry options for a request whose caller decides whether to send it again. Each broker is asked once. kafkajs begins with
 * the first broker each time, and a retry goes on to the next one. Without retries, a first broker that is down would be the only one asked.
 */
export function eachBrokerOnce(brokers: KafkaConfig["brokers"]): RetryOptions {
  return { retries: Array.isArray(brokers) ? brokers.length - 1 : 0, initialRetryTime: 20, maxRetryTime: 100 };
}
