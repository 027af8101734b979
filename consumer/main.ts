/** Puts the parts together and connects them to the process: environment, standard output, signals, exit code. */
import { dirname } from "node:path";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { Kafka, Partitioners } from "kafkajs";
import { clientConfig } from "../components/existing/kafka-access";
import { microClock } from "./clock";
import { type Config, readConfig } from "./config";
import { createDeadLetters } from "./kafka/dead-letter-topic";
import { eachBrokerOnce } from "./kafka/each-broker-once";
import { AtHand } from "./delivery/at-hand";
import type { CommonOptions } from "./delivery/delivery";
import { type Exported, startHandler } from "./delivery/handler-life";
import { Duplicates } from "./delivery/duplicates";
import { CaptureWatch } from "./feed/watch/capture-watch";
import { DeadLetterRoutes } from "./feed/dead-letter-routes";
import { Feed } from "./feed/feed";
import { feedObserver } from "./feed/feed-observer";
import { createHttpServer } from "./feed/http";
import { kafkaLogs } from "./kafka/kafka-log";
import { LetterBox } from "./kafka/letter-box";
import { openSlices } from "./kafka/record-slices";
import { createLog, errorText, stackOf } from "./log";
import { quietKafka } from "./kafka/quiet-kafka";
import { watchTopics } from "./kafka/listed-topics";
import { Membership } from "./kafka/membership";
import { createMetrics } from "./feed/metrics";
import { observers } from "./delivery/observer";
import { forgetful, offsetFile } from "./delivery/offset-file";
import { Poison } from "./delivery/poison";
import { noRanges, rangeFile } from "./delivery/range-file";
import { readPageFiles } from "./feed/page-files";
import { fetchConnectorStatus, probeKafka, probePostgres } from "./feed/probes";
import { Recent } from "./feed/recent";
import { fromRetryTopic } from "./kafka/retry-topic";
import { missedFile } from "./feed/watch/missed-file";
import { type SlotSight, SlotWatch } from "./feed/watch/slot-watch";
import { createStatus } from "./feed/status";
import { blockingWriter } from "./stdout";
import { startStream, type Stream } from "./kafka/stream";
import { TaskRestarts } from "./feed/watch/task-restarts";
import { TableRows } from "./feed/table-rows";
import { TopicWatch } from "./feed/watch/topic-watch";
import { Totals } from "./feed/totals";
import { deliverTo, giveUpOn } from "./delivery/ways";
import { watchEventLoop } from "./watchdog";

const TOTALS_EVERY_MS = 1000;
const KEEP_ALIVE_EVERY_MS = 15_000;
/** Docker kills a container 10 s after it asked it to stop. */
const STOP_WITHIN_MS = 8_000;
/** For what is handled when the process ends by an error. */
const LAST_COMMIT_MS = 2_000;
const FIRST_SLOT_LOOK_MS = 1000;
/** A handler that holds the event loop for so long will not give it back. */
const WATCHDOG = { silentMs: 30_000, everyMs: 1_000 } as const;

function start(config: Config, exported: Exported): void {
  const epoch = Date.now().toString(36);
  const nowMicros = microClock(() => performance.now(), Date.now);
  const watchdog = watchEventLoop(WATCHDOG);
  const write = blockingWriter(1);
  const log = createLog(config.logFormat, (text) => watchdog.excuse(() => write(text)), Date.now, config.logLevel);

  const recent = new Recent(config.recentChanges, config.recentBytes);
  const totals = new Totals(epoch);
  const feed = new Feed({
    recent,
    totals,
    epoch,
    now: () => performance.now(),
    later: (ms, callback) => void setTimeout(callback, ms),
  });
  const metrics = createMetrics({ processMetrics: true, clients: () => feed.size });
  const atHand = new AtHand(() => performance.now());
  const membership = new Membership(
    () => performance.now(),
    metrics.group,
    () => atHand.stuck(config.handlerStuckMs),
  );

  const watch = new CaptureWatch(() => performance.now(), log.warn);
  const slotWatch = new SlotWatch({
    slotName: config.slot?.slotName ?? "",
    ...missedFile(config.slot === null ? null : config.stateDirectory, config.slot?.slotName ?? ""),
    warn: (sentence) => log.error(sentence),
    info: (sentence) => log.info(sentence),
  });
  const topicWatch = new TopicWatch(config.topics, (topic) => slotWatch.topicGone(topic));

  const later = (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  };
  const access = { servers: config.brokers.join(","), ...config.kafkaSecurity };
  const kafka = { clientId: config.groupId, ...clientConfig(access) };
  const delivery: CommonOptions = {
    deadLetters: createDeadLetters(config.deadLetterTopic, config.groupId, () =>
      new Kafka({ ...kafka, ...kafkaLogs(log) }).producer({
        allowAutoTopicCreation: false,
        createPartitioner: Partitioners.DefaultPartitioner,
        retry: { retries: 2 },
      }),
    ),
    duplicates: new Duplicates({
      store: config.stateDirectory === null ? forgetful : offsetFile(config.stateDirectory, config.groupId, log.warn),
      report: (topic, partition, from, to) =>
        log.info(`delivered again, handled before: ${topic}/${partition} offsets ${from} to ${to}`, {
          duplicates: to - from + 1,
        }),
    }),
    observer: observers([
      metrics.observer,
      totals.observer,
      feedObserver({ recent, feed, watch, slotWatch, topicWatch }),
    ]),
    atHand,
    log,
    logFormat: config.logFormat,
    attempts: config.handlerAttempts,
    backoffMs: config.handlerBackoffMs,
    timeoutMs: config.handlerTimeoutMs,
    nowMicros,
    wait: (ms) => (ms === 0 ? nextTurn(undefined) : sleep(ms)),
    later,
    soon: (callback) => void setImmediate(callback),
  };

  const poison = new Poison(
    config.stateDirectory === null
      ? noRanges
      : rangeFile(config.stateDirectory, config.groupId, process.argv[1] ?? "", log.warn),
    log,
  );

  const server = createHttpServer({
    epoch,
    allowedHosts: config.allowedHosts,
    recent,
    feed,
    page: readPageFiles(config.pageDirectory),
    metrics,
    health: () => ({
      ...membership.health(epoch),
      ...(watch.warnings().length > 0 && { warnings: watch.warnings() }),
      ...(slotWatch.losses().length > 0 && { losses: slotWatch.losses() }),
    }),
    status: createStatus({
      ...config,
      postgres: probePostgres,
      broker: (address) => probeKafka(address, config.kafkaSecurity.tls),
      captureWarnings: () => watch.warnings(),
      losses: () => slotWatch.losses(),
      connectorStatus: () => fetchConnectorStatus(config.connectUrl!, config.connectorName!, config.connectSecurity),
      consumer: () => membership.status(),
      group: config.member,
      now: () => performance.now(),
    }),
    rows: new TableRows({
      topics: config.topics,
      open: (topic) => openSlices(kafka, `${config.groupId}-rows-${epoch}`, topic),
    }),
    deadLetters: new DeadLetterRoutes(
      new LetterBox({ ...config, kafka, readerGroupId: `${config.groupId}-letters-${epoch}` }),
      config.groupId,
    ),
    failed: (path, error) => log.error(`${path}: ${errorText(error)}`),
  });
  server.on("error", (error) => die(`cannot serve HTTP on port ${config.httpPort} (HTTP_PORT): ${error.message}`));
  server.listen(config.httpPort, "0.0.0.0");

  if (config.slot !== null) {
    const admin = quietKafka({ ...kafka, retry: eachBrokerOnce(kafka.brokers) }, config.kafkajsParts).admin();
    void watchTopics(admin, (there) => topicWatch.listed(there));
    const restarts = new TaskRestarts(() => performance.now(), log.warn);
    const options = {
      ...config.slot,
      observe: (sight: SlotSight) => slotWatch.observe(sight),
      // Going on would be silent about what is lost.
      failed: (trace: string | undefined) => slotWatch.losses().length === 0 && restarts.observe(trace),
    };
    // Its client of Postgres is 60 ms of CPU to load, which the first changes need more.
    void sleep(FIRST_SLOT_LOOK_MS).then(async () => (await import("./feed/watch/slot-look")).watchSlot(options));
  }
  setInterval(() => totals.tick(TOTALS_EVERY_MS) && feed.sendTotalsToAll(), TOTALS_EVERY_MS);
  setInterval(() => feed.keepAlive(), KEEP_ALIVE_EVERY_MS);

  const die = (message: string): never => {
    log.error(message);
    process.exit(1);
  };
  /** For what no change has to do with. */
  const giveUp = (message: string): never => {
    poison.forget();
    return die(`${message}; giving up, the container starts it again`);
  };
  membership.lost("setting up the handler");
  let stream: Stream | undefined;
  const life = startHandler(exported, {
    log,
    begin: (callee) =>
      (stream = startStream({
        kafka,
        kafkajsParts: config.kafkajsParts,
        groupId: config.groupId,
        topics: config.retryTopic === null ? config.topics : [...config.topics, config.retryTopic],
        furtherTopics: config.furtherTopics,
        ...(config.preferredTopic !== null && { preferredTopic: config.preferredTopic }),
        deadLetterTopic: config.deadLetterTopic,
        deliver: poison.watching({
          deliver: fromRetryTopic(config.retryTopic, deliverTo(callee, delivery)),
          giveUp: fromRetryTopic(config.retryTopic, giveUpOn(delivery)),
        }),
        membership,
        log,
        wait: (ms) => sleep(ms),
        later,
        crashed: (error) => giveUp(errorText(error)),
        rebalanced: metrics.rebalance,
        commitFailed: metrics.commitFailed,
        passed: metrics.observer.batchDone,
      })),
    failed: (error) => giveUp(error.message),
  });
  process.on("uncaughtException", (error: unknown) => {
    log.error(`unexpected: ${stackOf(error) ?? errorText(error)}`);
    setTimeout(() => process.exit(1), LAST_COMMIT_MS);
    // The change whose fault it is may be handled. Uncommitted, it would end the next process too.
    void nextTurn()
      .then(() => stream?.commit())
      .finally(() => process.exit(1));
  });

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    poison.forget();
    log.info(`${signal}: finishing the changes at hand and leaving the group`);
    setTimeout(() => die(`did not finish in ${STOP_WITHIN_MS} ms`), STOP_WITHIN_MS).unref();
    await life.stop().catch((error: Error) => die(`did not stop well: ${errorText(error)}`));
    // The next process does not know these changes: what a client does not have now it will never have.
    feed.flush();
    log.info("stopped");
    process.exit(0);
  };
  process.on("SIGTERM", (signal) => void stop(signal));
  process.on("SIGINT", (signal) => void stop(signal));
}

/** The whole process, until it is told to stop. */
export function run(exported: Exported): void {
  try {
    start(readConfig(process.env, dirname(process.argv[1] ?? ".")), exported);
  } catch (error) {
    console.error(errorText(error));
    process.exit(1);
  }
}
