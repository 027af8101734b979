/** The consumer may start before the broker answers and before its topics exist: it waits, and says so once. */
import { Kafka, type KafkaConfig, logLevel } from "kafkajs";
import { type Log, errorText } from "../log";
import type { Membership } from "./membership";

export interface WaitForTopics {
  kafka: KafkaConfig;
  topics: readonly string[];
  log: Log;
  membership: Membership;
  wait(ms: number): Promise<void>;
  stopped(): boolean;
}

const POLL_MS = 250;
/** The same reason is said again after so many polls. */
const REMIND_POLLS = 120;

/** True once all topics exist; false when stopped before. */
export async function waitForTopics(options: WaitForTopics): Promise<boolean> {
  const { topics, log, membership, wait, stopped } = options;
  // kafkajs's own retries would log on their own terms; the loop below is the retry.
  const kafka = new Kafka({ ...options.kafka, logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  let said = "";
  for (let poll = 0; !stopped(); poll++) {
    const reason = await whatIsMissing(kafka, topics, options.kafka.brokers);
    if (reason === null) return true;
    membership.lost(reason);
    if (reason !== said || poll % REMIND_POLLS === 0) log.info(reason);
    said = reason;
    await wait(POLL_MS);
  }
  return false;
}

async function whatIsMissing(
  kafka: Kafka,
  topics: readonly string[],
  brokers: KafkaConfig["brokers"],
): Promise<string | null> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !existing.has(topic));
    return missing.length === 0 ? null : `waiting for the topic ${missing.join(", ")}`;
  } catch (error) {
    const where = Array.isArray(brokers) ? brokers.join(", ") : "the broker";
    return `waiting for Kafka at ${where}: ${errorText(error).replace(/^Connection error: /, "")}`;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
