/** The edge to Kafka. kafkajs feeds batches to the lanes and reports what happens to the group. */
import { type Consumer, type ConsumerGroupJoinEvent, type EachBatchPayload, Kafka } from "kafkajs";
import { busyStay } from "./group/assigner";
import { onBatchEnd } from "./lanes/batch-ends";
import { byTopic, Commits, type TopicPartitionOffset } from "./lanes/commits";
import { teachCodecs } from "./compression/codecs";
import { lookForFurtherTopics, topicsToRead } from "./further-topics";
import { CONSUMER, patienceWith, WAIT_WHILE_HOLDING_MS } from "./group/group-settings";
import { JoiningAgain } from "./group/joining-again";
import { changeKafkajs, hookRunners } from "./internals";
import { kafkaLogs } from "./kafka-log";
import { Lanes } from "./lanes/lanes";
import { type Assignment, Tenure } from "./lanes/tenure";
import { errorText } from "../log";
import type { StreamOptions } from "./stream-options";
import { askingOnce, existingTopics, waitForTopics } from "./wait-for-topics";

teachCodecs();

const COMMIT_INTERVAL_MS = 200;
/** The longest that a join waits for the commit before it. */
const LAST_COMMIT_MS = 2_000;
/** The longest that a stop waits for a rebalance to end. */
const LAST_REBALANCE_MS = 4_000;
/** Batches that the process works on in turns. Those whose handler waits for something are not counted. */
const AT_ONCE = 4;
/** Errors which say that this member has missed at least one generation of the group. */
const MISSED = ["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION"];

/** The consumer group, as this process has joined it. */
interface JoinedGroup {
  commit(offsets: TopicPartitionOffset[]): Promise<void>;
}

export interface Stream {
  /** Resolves when the handled changes are committed, or when that failed. */
  commit(): Promise<void>;
  /** Finishes the changes at hand, commits and leaves the group. Connections stay open until the process ends. */
  stop(): Promise<void>;
}

/** Returns at once. It connects, and waits for the topics to exist, in the background. */
export function startStream(options: StreamOptions): Stream {
  const stream = new GroupStream(options);
  stream.begin();
  return stream;
}

class GroupStream implements Stream {
  private readonly patience;
  private readonly kafka: Kafka;
  private readonly commits: Commits;
  private readonly lanes: Lanes;
  private stopping = false;
  /** The attempt to join that is under way, or the last one. */
  private running: Promise<void> = Promise.resolve();
  private consumer: Consumer | undefined;
  /** Undefined while this process is no member. */
  private group: JoinedGroup | undefined;
  private readonly tenure: Tenure;
  private joins = 0;
  private readonly joiningAgain = new JoiningAgain(() => performance.now());
  /** The topics that are read. */
  private wanted: readonly string[];

  constructor(private readonly options: StreamOptions) {
    const { deliver, log, later, crashed } = options;
    this.wanted = options.topics;
    this.patience = patienceWith(options.kafka.brokers);
    this.kafka = new Kafka({ ...options.kafka, ...kafkaLogs(log), retry: this.patience });
    this.commits = new Commits({
      ready: () => this.group !== undefined,
      commit: (offsets) => this.group!.commit(offsets),
      failed: (error, isFirst) => {
        options.commitFailed();
        if (isFirst) log.warn(`cannot commit offsets, trying again: ${errorText(error)}`);
      },
      intervalMs: COMMIT_INTERVAL_MS,
      now: () => performance.now(),
      later,
    });
    this.lanes = new Lanes({
      deliver,
      handled: (topic, partition, offset) => this.commits.handled(topic, partition, offset),
      passedOver: (topic, partition, from, to) =>
        log.info(
          `delivered again, handled before or at hand, and passed over: ${topic}/${partition} offsets ${from} to ${to}`,
        ),
      failed: crashed,
      later,
    });
    this.tenure = new Tenure({
      commits: this.commits,
      lanes: this.lanes,
      goneOn: (topic, partition, offset) =>
        log.info(
          `another member has gone on with ${topic}/${partition}: what waited here is left, reading on at ${offset}`,
        ),
    });
    changeKafkajs(options.kafkajsParts);
    this.hookKafkajs();
    if (options.furtherTopics.length > 0) {
      const asking = askingOnce(options.kafka);
      lookForFurtherTopics({
        ...options,
        existing: () => existingTopics(asking),
        read: () => (this.group && !this.stopping ? this.wanted : null),
        found: (topics) => this.readToo(topics),
      });
    }
  }

  begin(): void {
    this.running = this.start().catch(async (error: Error) => {
      await this.consumer?.disconnect().catch(() => undefined);
      this.left(error);
    });
  }

  commit(): Promise<void> {
    return this.commits.flush();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.lanes.stop();
    await this.commits.finish(LAST_REBALANCE_MS, this.options.wait, () => !this.tenure.isAway);
    await this.consumer?.stop();
    await this.running;
  }

  private async start(): Promise<void> {
    const { groupId, topics, membership, log, wait, preferredTopic } = this.options;
    const stopped = () => this.stopping;
    const existing = await waitForTopics({ kafka: this.options.kafka, topics, log, membership, wait, stopped });
    if (existing === null) return;
    this.wanted = topicsToRead(this.options, existing);
    // Pending offsets are of an earlier membership. Their topic may even have been made again.
    this.commits.keepOnly(() => false);
    // kafkajs's own restart would try again every 100 ms for ever, and add listeners each time.
    const retry = { ...this.patience, restartOnFailure: () => Promise.resolve(false) };
    const partitionAssigners = [
      busyStay(() => ({ busy: this.lanes.busy, late: this.tenure.isAway, prefers: preferredTopic })),
    ];
    const reading = this.kafka.consumer({ groupId, ...CONSUMER, partitionAssigners, retry });
    this.consumer = reading;
    this.listenTo(reading);
    membership.lost("joining the group");
    await reading.connect();
    await reading.subscribe({ topics: [...this.wanted], fromBeginning: true });
    await reading.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: AT_ONCE,
      eachBatch: this.eachBatch,
    });
  }

  private readonly eachBatch = async ({ batch, resolveOffset, pause }: EachBatchPayload): Promise<void> => {
    const workDone = this.options.membership.work();
    const { topic, partition, messages, highWatermark } = batch;
    const fetched = { topic, partition, messages, highWatermark, lastOffset: batch.lastOffset() };
    const { joins } = this;
    await this.lanes.take(fetched, pause).finally(workDone);
    // This says only where the next fetch goes on. The lanes say which offsets are done with and to be committed. After a join kafkajs begins anew.
    if (joins === this.joins && this.tenure.isOurs(topic, partition))
      resolveOffset(messages[messages.length - 1]!.offset);
  };

  /** Without the changed runner, kafkajs calls none of these hooks: see internals/README.md. */
  private hookKafkajs(): void {
    hookRunners(this.eachBatch, {
      fetching: (joined) => {
        joined.maxWaitTime = this.lanes.holding ? WAIT_WHILE_HOLDING_MS : CONSUMER.maxWaitTimeInMs;
      },
      begins: (joined, committed) => {
        this.tenure.begins(committed);
        this.group = { commit: (offsets) => joined.commitOffsets(byTopic(offsets)) };
      },
      heartbeatRefused: async ({ type = "" }) => {
        // The commit lets the next reader of an idle partition go on where this member is.
        if (type === "REBALANCE_IN_PROGRESS")
          await Promise.race([this.commits.flush(), this.options.wait(LAST_COMMIT_MS)]);
        if (MISSED.includes(type)) this.missedGeneration();
      },
    });
  }

  private missedGeneration(): void {
    // Each batch under way may report this.
    if (this.tenure.isAway) return;
    this.away();
    this.options.membership.lost("the group has removed this member");
    this.options.log.warn("the group has removed this member, joining again");
  }

  private away(): void {
    this.group = undefined;
    this.tenure.ended();
  }

  private listenTo(reading: Consumer): void {
    const { membership } = this.options;
    const { GROUP_JOIN, REBALANCING, FETCH, STOP, CRASH } = reading.events;
    reading.on(GROUP_JOIN, ({ payload }) => this.joined(reading, payload));
    reading.on(REBALANCING, () => {
      this.group = undefined;
      membership.lost("the group is rebalancing");
    });
    reading.on(FETCH, () => membership.fetched());
    onBatchEnd(reading, ({ topic, partition, next, records, highWatermark }) => {
      if (records > 0 || !this.tenure.isOurs(topic, partition)) return;
      const last = String(next - 1n);
      if (this.lanes.skip(topic, partition, last)) this.options.passed(topic, partition, last, highWatermark);
    });
    reading.on(STOP, () => membership.lost("stopped"));
    reading.on(CRASH, ({ payload: { error } }) => this.left(error));
  }

  private joined(reading: Consumer, { memberId, memberAssignment }: ConsumerGroupJoinEvent["payload"]): void {
    const { groupId, kafkajsParts, membership, log, rebalanced } = this.options;
    const assigned = memberAssignment as Assignment;
    if (kafkajsParts.includes("commits")) {
      // Nothing is committed before the hook tells where the group's offsets are.
      this.group = undefined;
      this.tenure.joined(memberId, assigned);
    } else {
      this.tenure.joinedBlindly(memberId, assigned);
      this.group = { commit: (offsets) => reading.commitOffsets(offsets) };
    }
    membership.joinedWith(assigned);
    this.options.assigned((topic, partition) => this.tenure.isOurs(topic, partition));
    log.info(`joined group ${groupId}: ${membership.status().detail}`);
    if (this.joins++ > 0) rebalanced();
  }

  /** kafkajs has given up. */
  private left(error: Error): void {
    const { membership, log, crashed } = this.options;
    this.away();
    membership.lost(`connection to Kafka lost: ${errorText(error)}`);
    if (this.stopping) return;
    const again = this.joiningAgain.after(error);
    if (again === null) return crashed(error);
    if (again.isOtherVersion) {
      membership.lost("a consumer of another version is still in the group");
      log.info("a consumer of another version is still in the group, joining when it is gone");
    } else log.warn(`connection to Kafka lost, joining again: ${errorText(error)}`);
    this.beginIn(again.inMs);
  }

  private beginIn(ms: number): void {
    void this.options.wait(ms).then(() => this.stopping || this.begin());
  }

  /** kafkajs takes topics only before it runs. For further topics, a new consumer joins. */
  private async readToo(topics: readonly string[]): Promise<void> {
    this.options.log.info(`reads ${topics.join(", ")} too, joining again`);
    this.tenure.ended();
    await this.commits.flush();
    this.group = undefined;
    await this.consumer?.disconnect();
    await this.running;
    if (!this.stopping) this.begin();
  }
}
