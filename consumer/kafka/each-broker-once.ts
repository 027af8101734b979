import type { KafkaConfig, RetryOptions } from "kafkajs";

/**
 * Pure: how often a question is asked again whose asker decides what follows: not at all of one broker. Of several kafkajs begins with the first each time, and
 * goes on to the next one with a retry: without it nobody gets past a first one that is down.
 */
export function eachBrokerOnce(brokers: KafkaConfig["brokers"]): RetryOptions {
  return { retries: Array.isArray(brokers) ? brokers.length - 1 : 0, initialRetryTime: 20, maxRetryTime: 100 };
}
