/** Lists the broker's topics every two seconds. `feed/watch/topic-watch.ts` looks for those that are gone. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin, KafkaConfig } from "kafkajs";
import { askingOnce } from "./wait-for-topics";

const EVERY_MS = 2000;

/** Runs for as long as the process lives. While the broker does not answer, `listed` is not called. */
export async function watchTopics(admin: Admin, listed: (there: string[]) => void): Promise<never> {
  let isConnected = false;
  for (;;) {
    try {
      if (!isConnected) await admin.connect();
      isConnected = true;
      listed(await admin.listTopics());
    } catch {
      isConnected = false;
      await admin.disconnect().catch(() => undefined);
    }
    await sleep(EVERY_MS);
  }
}

/**
 * Whether a partition has no record from before this time, in ms since 1970.
 *
 * @throws kafkajs's error when no broker answers, or there is no such topic
 */
export async function hasNothingBefore(
  kafka: KafkaConfig,
  topic: string,
  partition: number,
  ms: number,
): Promise<boolean> {
  const admin = askingOnce(kafka).admin();
  try {
    await admin.connect();
    const oldest = (await admin.fetchTopicOffsets(topic)).find((each) => each.partition === partition);
    const since = (await admin.fetchTopicOffsetsByTimestamp(topic, ms)).find((each) => each.partition === partition);
    return BigInt(since?.offset ?? 0) <= BigInt(oldest?.low ?? 0);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
