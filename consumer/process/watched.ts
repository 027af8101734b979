/** Watches what is outside this process: captured tables, the replication slot, topics, the connector's task. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Config, type ConnectorAddress, connectorOf } from "../config";
import { CaptureWatch } from "../feed/watch/capture-watch";
import { missedFile } from "../feed/watch/missed-file";
import { type SlotSight, SlotWatch } from "../feed/watch/slot-watch";
import { watchTask } from "../feed/watch/task-look";
import { TaskRestarts } from "../feed/watch/task-restarts";
import { TopicWatch } from "../feed/watch/topic-watch";
import { eachBrokerOnce } from "../kafka/each-broker-once";
import { hasNothingBefore, watchTopics } from "../kafka/listed-topics";
import { quietKafka } from "../kafka/quiet-kafka";
import { later, type Shared, monotonicMs } from "./shared";

export interface Watched {
  captureWatch: CaptureWatch;
  slotWatch: SlotWatch;
  topicWatch: TopicWatch;
}

const FIRST_SLOT_LOOK_MS = 1000;

export function createWatched({ config, log, kafka }: Shared): Watched {
  const { slotName } = config;
  // Messages about the slot go to the first consumer, so that another one would keep for ever what it has told: nobody would tell it that it was made good.
  const isFirst = config.member === null || config.member.number === 1;
  // What was read of a database says nothing of another one. Looks at the slot notice the change by themselves.
  const kept = config.slot === null ? `${slotName} ${config.postgresAddress ?? ""}` : slotName;
  const slotWatch = new SlotWatch({
    slotName,
    looks: config.slot !== null,
    ...missedFile(isFirst ? config.stateDirectory : null, kept),
    warn: (sentence) => log.error(sentence),
    info: (sentence) => log.info(sentence),
  });
  return {
    captureWatch: new CaptureWatch(monotonicMs, log.warn, slotName),
    slotWatch,
    topicWatch: new TopicWatch({
      topics: config.topics,
      gone: (topic) => slotWatch.topicGone(topic),
      hasNothingBefore: (topic, partition, ms) => hasNothingBefore(kafka, topic, partition, ms),
      now: Date.now,
      later,
    }),
  };
}

/** Begins to ask for the task, and for slot and topics if the settings name a slot. News of captured tables come with the stream. */
export function beginToWatch({ config, log, kafka }: Shared, { slotWatch, topicWatch }: Watched): void {
  const restarts = new TaskRestarts(monotonicMs, log.warn);
  // After a loss no task is restarted: it would go on behind the lost changes without a word.
  const failed = (trace: string | undefined) => slotWatch.losses().length === 0 && restarts.observe(trace);
  if (config.slot === null) {
    const connector = restartedConnector(config);
    if (connector !== undefined) void sleep(FIRST_SLOT_LOOK_MS).then(() => watchTask({ ...connector, failed }));
    return;
  }
  const admin = quietKafka({ ...kafka, retry: eachBrokerOnce(kafka.brokers) }, config.kafkajsParts).admin();
  const { offsetsTopic } = config.slot;
  const offsetsWatch = new TopicWatch({
    topics: offsetsTopic === null ? [] : [offsetsTopic],
    gone: () => undefined,
    // Nothing is read of it, so that nothing tells how far it goes.
    hasNothingBefore: () => Promise.resolve(false),
    now: Date.now,
    later,
  });
  void watchTopics(admin, (there) => {
    topicWatch.listed(there);
    offsetsWatch.listed(there);
  });
  const options = {
    ...config.slot,
    offsetsGone: () => offsetsTopic !== null && offsetsWatch.isGone(offsetsTopic),
    observe: (sight: SlotSight) => slotWatch.observe(sight),
    failed,
  };
  // Loading its Postgres client takes 60 ms of CPU, which the first changes need more.
  void sleep(FIRST_SLOT_LOOK_MS).then(async () => (await import("../feed/watch/slot-look")).watchSlot(options));
}

/** Pure: the connector whose failed task this consumer restarts where it looks at no slot. Of several consumers the first one does. */
export function restartedConnector(
  config: Pick<Config, keyof ConnectorAddress | "member">,
): ConnectorAddress | undefined {
  return config.member === null || config.member.number === 1 ? connectorOf(config) : undefined;
}
