/** The edge to Kafka: kafkajs feeds batches to the delivery and reports how the group is doing. */
import { type Consumer, type EachBatchPayload, Kafka, type KafkaConfig } from "kafkajs";
import { Commits } from "./commits";
import type { Delivery } from "../delivery/delivery";
import { decodeFetchesFaster } from "./fetch-response";
import { kafkaLogs } from "./kafka-log";
import { type Log, errorText } from "../log";
import type { Membership } from "./membership";
import { stopWithoutLastFetch } from "./prompt-stop";
import { quietRequestQueues } from "./request-queue";
import { waitForTopics } from "./topics";

/** Group and fetch settings; what is not said is kafkajs's default. */
const CONSUMER = {
  // A killed member blocks its partitions this long. 6 s is the least a broker allows by default.
  sessionTimeout: 6_000,
  heartbeatInterval: 1_500,
  // How long the group waits for a member that is in the middle of a slow change.
  rebalanceTimeout: 30_000,
  // The broker answers as soon as there is one byte; else after this. kafkajs sends heartbeats between fetches only.
  minBytes: 1,
  maxWaitTimeInMs: 1_500,
  maxBytesPerPartition: 1 << 20,
  maxBytes: 16 << 20,
} as const;

/**
 * Half a minute, so that a broker that restarts finds this member again; a new one would wait for the old one's session
 * to end. After that kafkajs calls it a crash.
 */
const RETRY = { initialRetryTime: 100, maxRetryTime: 500, retries: 60 } as const;

decodeFetchesFaster();
quietRequestQueues();
stopWithoutLastFetch();

const COMMIT_INTERVAL_MS = 200;
const AT_ONCE = 4;

export interface StreamOptions {
  kafka: Omit<KafkaConfig, "logCreator" | "logLevel">;
  groupId: string;
  topics: readonly string[];
  delivery: Delivery;
  membership: Membership;
  log: Log;
  wait(ms: number): Promise<void>;
  /** kafkajs has given up on an error that does not pass. */
  crashed(error: Error): void;
  rebalanced(): void;
}

export interface Stream {
  /** Finishes the batch at hand, commits and leaves the group. Connections stay open until the process ends. */
  stop(): Promise<void>;
}

/** Returns at once; connecting, and waiting for the topics to exist, goes on behind. */
export function startStream(options: StreamOptions): Stream {
  const { groupId, topics, membership, log, wait, crashed } = options;
  const kafka = new Kafka({ ...options.kafka, ...kafkaLogs(log), retry: RETRY });
  let stopping = false;
  let consumer: Consumer | undefined;
  const active = new Set<Promise<void>>();
  const commits = new Commits({
    commit: async (offsets) => consumer?.commitOffsets(offsets),
    intervalMs: COMMIT_INTERVAL_MS,
    now: () => performance.now(),
    later: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  });

  const eachBatch = (payload: EachBatchPayload): Promise<void> => {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
    const workDone = membership.work();
    const control = {
      resolve: (offset: string) => {
        resolveOffset(offset);
        commits.handled(batch.topic, batch.partition, offset);
      },
      heartbeat: async () => {
        try {
          await heartbeat();
        } catch (error) {
          // The group rebalances: whoever gets the partition shall go on where this one is.
          await commits.flush();
          throw error;
        }
      },
      stopped: () => stopping || !isRunning() || isStale(),
    };
    const work = options.delivery.deliver(batch, control).finally(() => {
      workDone();
      active.delete(work);
    });
    active.add(work);
    return work;
  };

  const start = async (): Promise<void> => {
    const stopped = () => stopping;
    if (!(await waitForTopics({ kafka: options.kafka, topics, log, membership, wait, stopped }))) return;
    // What is pending is of an earlier life; its topic may even be another one by now.
    commits.keepOnly(() => false);
    const failure = { passes: false };
    const retry = { ...RETRY, restartOnFailure: () => startAnewInstead(failure) };
    const reading = kafka.consumer({ groupId, ...CONSUMER, retry });
    consumer = reading;
    watch(reading, failure);
    membership.lost("joining the group");
    await reading.connect();
    await reading.subscribe({ topics: [...topics], fromBeginning: true });
    await reading.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: AT_ONCE,
      eachBatch,
    });
  };

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
      commits.keepOnly(({ topic, partition }) => assigned[topic]?.includes(partition) === true);
      membership.joinedWith(assigned);
      log.info(`joined group ${groupId}: ${membership.status().detail}`);
    });
    reading.on(REBALANCING, () => {
      options.rebalanced();
      membership.lost("the group is rebalancing");
      void commits.flush();
    });
    reading.on(FETCH, () => membership.fetched());
    reading.on(STOP, () => membership.lost("stopped"));
    reading.on(CRASH, ({ payload: { error } }) => {
      membership.lost(`connection to Kafka lost: ${errorText(error)}`);
      if (stopping) return;
      if (!failure.passes) return crashed(error);
      log.warn(`connection to Kafka lost, joining again: ${errorText(error)}`);
      begin();
    });
  };

  begin();
  return {
    async stop() {
      stopping = true;
      await Promise.allSettled(active);
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
