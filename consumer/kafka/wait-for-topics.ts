/** Waits until the broker answers and the topics exist: the consumer may start before. It logs the reason, and again every 30 s. */
import { type ITopicMetadata, Kafka, type KafkaConfig, logLevel } from "kafkajs";
import { type Log, errorText } from "../log";
import { eachBrokerOnce } from "./each-broker-once";
import type { Membership } from "./group/membership";

export interface WaitForTopics {
  kafka: KafkaConfig;
  topics: readonly string[];
  log: Log;
  membership: Membership;
  wait(ms: number): Promise<void>;
  stopped(): boolean;
}

const POLL_MS = 250;
/** The same reason is logged again after this many polls. */
const REMIND_POLLS = 120;

/** All topics that exist, once those that are needed do; null when stopped before. */
export async function waitForTopics(options: WaitForTopics): Promise<string[] | null> {
  const { topics, log, membership, wait, stopped } = options;
  // This loop takes the place of kafkajs's retries.
  const kafka = askingOnce(options.kafka);
  let said = "";
  for (let poll = 0; !stopped(); poll++) {
    const reason = await look(kafka, topics, options.kafka.brokers);
    if (typeof reason !== "string") return reason;
    membership.lost(reason);
    if (reason !== said || poll % REMIND_POLLS === 0) log.info(reason);
    said = reason;
    await wait(POLL_MS);
  }
  return null;
}

/**
 * The topics that exist. Each broker is asked at most once. The caller decides what to do when none answers.
 *
 * @throws kafkajs's error when no broker answers
 */
export async function existingTopics(kafka: Kafka): Promise<string[]> {
  return (await listed(kafka)).map(({ name }) => name);
}

async function listed(kafka: Kafka): Promise<ITopicMetadata[]> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return (await admin.fetchTopicMetadata()).topics;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** A client that asks each broker once and logs nothing. */
export function askingOnce(config: KafkaConfig): Kafka {
  return new Kafka({ ...config, logLevel: logLevel.NOTHING, retry: eachBrokerOnce(config.brokers) });
}

function hasNoLeader({ leader }: { leader: number }): boolean {
  return leader < 0;
}

/** @returns the topics that exist; or the reason why not all of the wanted ones can be read */
async function look(
  kafka: Kafka,
  topics: readonly string[],
  brokers: KafkaConfig["brokers"],
): Promise<string | string[]> {
  try {
    const there = await listed(kafka);
    const existing = there.map(({ name }) => name);
    const missing = topics.filter((topic) => !existing.includes(topic));
    if (missing.length > 0) return `waiting for the topic ${missing.join(", ")}`;
    const leaderless = there.filter(({ name, partitions }) => topics.includes(name) && partitions.some(hasNoLeader));
    return leaderless.length === 0
      ? existing
      : `waiting for a broker to lead the topic ${leaderless.map(({ name }) => name).join(", ")}`;
  } catch (error) {
    const where = Array.isArray(brokers) ? brokers.join(", ") : "the broker";
    return `waiting for Kafka at ${where}: ${errorText(error).replace(/^Connection error: /, "")}`;
  }
}
