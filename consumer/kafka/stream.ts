/** The edge to Kafka: kafkajs feeds batches to the lanes and reports how the group is doing. */
import { type Consumer, type EachBatchPayload, Kafka, type KafkaConfig } from "kafkajs";
import { busyStay } from "./assigner";
import { onBatchEnd } from "./batch-ends";
import { byTopic, Commits, type TopicPartitionOffset } from "./commits";
import { teachCodecs } from "./compression/codecs";
import type { Deliver } from "../delivery/batch";
import { matchingTopics } from "./further-topics";
import { CONSUMER, patienceWith, WAIT_WHILE_HOLDING_MS } from "./group-settings";
import { changeKafkajs, hookRunners } from "./internals";
import type { KafkajsPart } from "./internals/parts";
import { kafkaLogs } from "./kafka-log";
import { Lanes } from "./lanes";
import { type Log, errorText } from "../log";
import type { Membership } from "./membership";
import { askingOnce, existingTopics, waitForTopics } from "./wait-for-topics";

teachCodecs();

const COMMIT_INTERVAL_MS = 200;
/** How often it is looked whether there are further topics. */
const LOOK_EVERY_MS = 3_000;
/** The longest that a join waits for the commit before it. */
const LAST_COMMIT_MS = 2_000;
/** Batches that are computed on in turns. Those that wait for something are not counted. */
const AT_ONCE = 4;
/** The group's other members divide its partitions in another way. */
const OTHER_VERSION = "INCONSISTENT_GROUP_PROTOCOL";
const OTHER_VERSION_MS = 500;
/** The member has missed at least one generation of the group. */
const MISSED = ["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION"];

export interface StreamOptions {
  kafka: Omit<KafkaConfig, "logCreator" | "logLevel">;
  /** What of kafkajs is replaced, see internals/README.md. */
  kafkajsParts: readonly KafkajsPart[];
  groupId: string;
  /** Waited for until all exist. */
  topics: readonly string[];
  /** Patterns of topics that are read as soon as they exist. */
  furtherTopics: readonly string[];
  /** Topic whose partitions this member is to have, if nobody has a change of them at hand. @default none */
  preferredTopic?: string;
  /** Read by no pattern: its records would come back to it for ever. */
  deadLetterTopic: string;
  deliver: Deliver;
  membership: Membership;
  log: Log;
  wait(ms: number): Promise<void>;
  /** Calls back after ms; the returned function cancels. */
  later(ms: number, callback: () => void): () => void;
  /** What does not pass: kafkajs has given up, or something failed that never should. */
  crashed(error: unknown): void;
  /** The group was joined again. */
  rebalanced(): void;
  commitFailed(): void;
  /** A partition is done with up to this offset, by what was for nobody to read. Offsets as in `Batch`. */
  passed(topic: string, partition: number, lastOffset: string, highWatermark: string): void;
}

/** The consumer group, as this process has joined it. */
interface JoinedGroup {
  commit(offsets: TopicPartitionOffset[]): Promise<void>;
}

export interface Stream {
  /** Resolves when what is handled has been committed, or could not be. */
  commit(): Promise<void>;
  /** Finishes the changes at hand, commits and leaves the group. Connections stay open until the process ends. */
  stop(): Promise<void>;
}

/** Returns at once; connecting, and waiting for the topics to exist, goes on behind. */
export function startStream(options: StreamOptions): Stream {
  const { groupId, topics, deliver, membership, log, wait, later, crashed } = options;
  const patience = patienceWith(options.kafka.brokers);
  const kafka = new Kafka({ ...options.kafka, ...kafkaLogs(log), retry: patience });
  let stopping = false;
  let consumer: Consumer | undefined;
  /** As it is joined; undefined while it is not. */
  let group: JoinedGroup | undefined;
  let joins = 0;
  let missed = false;
  let isOurs = (_topic: string, _partition: number): boolean => false;

  const commits = new Commits({
    ready: () => group !== undefined,
    commit: (offsets) => group!.commit(offsets),
    failed: (error, isFirst) => {
      options.commitFailed();
      if (isFirst) log.warn(`cannot commit offsets, trying again: ${errorText(error)}`);
    },
    intervalMs: COMMIT_INTERVAL_MS,
    now: () => performance.now(),
    later,
  });
  const lanes = new Lanes({
    deliver,
    handled: (topic, partition, offset) => commits.handled(topic, partition, offset),
    passedOver: (topic, partition, from, to) =>
      log.info(
        `delivered again, handled before or at hand, and passed over: ${topic}/${partition} offsets ${from} to ${to}`,
      ),
    failed: crashed,
    later,
  });

  const eachBatch = async ({ batch, resolveOffset, pause }: EachBatchPayload): Promise<void> => {
    const workDone = membership.work();
    const { topic, partition, messages, highWatermark } = batch;
    const fetched = { topic, partition, messages, highWatermark, lastOffset: batch.lastOffset() };
    await lanes.take(fetched, pause).finally(workDone);
    // Where the next fetch goes on. What is done, and to be committed, is for the lanes to say.
    if (isOurs(topic, partition)) resolveOffset(messages[messages.length - 1]!.offset);
  };

  changeKafkajs(options.kafkajsParts);
  // Without the change kafkajs never calls these.
  hookRunners(eachBatch, {
    fetching(joined) {
      group = { commit: (offsets) => joined.commitOffsets(byTopic(offsets)) };
      joined.maxWaitTime = lanes.holding ? WAIT_WHILE_HOLDING_MS : CONSUMER.maxWaitTimeInMs;
    },
    async heartbeatRefused({ type = "" }) {
      // Whoever gets an idle partition shall go on where this one is.
      if (type === "REBALANCE_IN_PROGRESS") await Promise.race([commits.flush(), wait(LAST_COMMIT_MS)]);
      // Each batch under way may be told.
      if (missed || !MISSED.includes(type)) return;
      missed = true;
      group = undefined;
      membership.lost("the group has taken this member for gone");
      log.warn("the group has taken this member for gone, joining again");
    },
  });

  const start = async (): Promise<void> => {
    const stopped = () => stopping;
    const existing = await waitForTopics({ kafka: options.kafka, topics, log, membership, wait, stopped });
    if (existing === null) return;
    wanted = wantedOf(existing);
    // What is pending is of an earlier life; its topic may even be another one by now.
    commits.keepOnly(() => false);
    const failure = { passes: false };
    const retry = { ...patience, restartOnFailure: () => startAnewInstead(failure) };
    const partitionAssigners = [busyStay(() => ({ busy: lanes.busy, late: missed, prefers: options.preferredTopic }))];
    const reading = kafka.consumer({ groupId, ...CONSUMER, partitionAssigners, retry });
    consumer = reading;
    watch(reading, failure);
    membership.lost("joining the group");
    await reading.connect();
    await reading.subscribe({ topics: [...wanted], fromBeginning: true });
    await reading.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: AT_ONCE,
      eachBatch,
    });
  };

  let wanted: readonly string[] = topics;
  const wantedOf = (existing: readonly string[]): string[] => {
    const further = matchingTopics(options.furtherTopics, existing);
    return [...new Set([...topics, ...further])].filter((topic) => topic !== options.deadLetterTopic);
  };
  /** kafkajs takes topics only before it runs: for further ones it joins anew. */
  const lookForTopics = async (): Promise<void> => {
    const existing = group && !stopping ? await existingTopics(asking).catch(() => []) : [];
    const found = wantedOf(existing).filter((topic) => !wanted.includes(topic));
    if (found.length > 0 && !stopping) {
      log.info(`reads ${found.join(", ")} too, joining again`);
      await commits.flush();
      group = undefined;
      await consumer?.disconnect();
      await running;
      if (!stopping) begin();
    }
    later(LOOK_EVERY_MS, () => void lookForTopics());
  };
  const asking = askingOnce(options.kafka);
  if (options.furtherTopics.length > 0) later(LOOK_EVERY_MS, () => void lookForTopics());

  let running: Promise<void>;
  const begin = () => {
    running = start().catch((error: Error) => {
      if (!stopping) crashed(error);
    });
  };

  const watch = (reading: Consumer, failure: { passes: boolean }): void => {
    const { GROUP_JOIN, REBALANCING, FETCH, STOP, CRASH } = reading.events;
    reading.on(GROUP_JOIN, ({ payload }) => {
      const assigned = payload.memberAssignment as { [topic: string]: number[] };
      isOurs = (topic, partition) => assigned[topic]?.includes(partition) === true;
      missed = false;
      commits.keepOnly(({ topic, partition }) => isOurs(topic, partition));
      lanes.assigned(isOurs);
      if (!options.kafkajsParts.includes("commits")) group = { commit: (offsets) => reading.commitOffsets(offsets) };
      membership.joinedWith(assigned);
      log.info(`joined group ${groupId}: ${membership.status().detail}`);
      if (joins++ > 0) options.rebalanced();
    });
    reading.on(REBALANCING, () => {
      group = undefined;
      membership.lost("the group is rebalancing");
    });
    reading.on(FETCH, () => membership.fetched());
    onBatchEnd(reading, ({ topic, partition, next, records, highWatermark }) => {
      if (records > 0 || !isOurs(topic, partition)) return;
      const last = String(next - 1n);
      if (lanes.skip(topic, partition, last)) options.passed(topic, partition, last, highWatermark);
    });
    reading.on(STOP, () => membership.lost("stopped"));
    reading.on(CRASH, ({ payload: { error } }) => {
      group = undefined;
      membership.lost(`connection to Kafka lost: ${errorText(error)}`);
      if (stopping) return;
      if ((error as { type?: string }).type === OTHER_VERSION) {
        // One that was killed before this one took its place; it is a member until its session ends.
        membership.lost("a consumer of another version is still in the group");
        log.info("a consumer of another version is still in the group, joining when it is gone");
        return void wait(OTHER_VERSION_MS).then(() => stopping || begin());
      }
      if (!failure.passes) return crashed(error);
      log.warn(`connection to Kafka lost, joining again: ${errorText(error)}`);
      begin();
    });
  };

  begin();
  return {
    commit: () => commits.flush(),
    async stop() {
      stopping = true;
      await lanes.stop();
      await commits.flush();
      await consumer?.stop();
      await running;
    },
  };
}

/**
 * kafkajs asks this when it gave up on an error that may pass, such as a broker or a topic that is gone. Its own restart
 * asks again every 100 ms for ever and adds listeners each time; ours waits for broker and topics, with a new consumer.
 */
function startAnewInstead(failure: { passes: boolean }): Promise<boolean> {
  failure.passes = true;
  return Promise.resolve(false);
}
