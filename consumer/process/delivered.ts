/** How changes reach the handler: the delivery's settings, the files in which it keeps its state, and the stream that feeds it. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { microClock } from "../clock";
import type { CommonOptions } from "../delivery/delivery";
import { Duplicates } from "../delivery/crash/duplicates";
import type { Callee } from "../delivery/handler-life";
import { observers } from "../delivery/observer";
import { forgetful, offsetFile } from "../delivery/crash/offset-file";
import { Poison } from "../delivery/crash/poison";
import { noRanges, rangeFile } from "../delivery/crash/range-file";
import { deliverTo, giveUpOn } from "../delivery/ways";
import { feedObserver } from "../feed/feed-observer";
import { createDeadLetters, deadLetterProducer } from "../kafka/letters/dead-letter-topic";
import { fromRetryTopic } from "../kafka/letters/retry-topic";
import { startStream, type Stream } from "../kafka/stream";
import { errorText } from "../log";
import type { Observed } from "./observed";
import { later, monotonicMs, type Shared } from "./shared";
import type { Watched } from "./watched";

export function createDelivery({ config, log, kafka }: Shared, observed: Observed, watched: Watched): CommonOptions {
  const { metrics, totals, atHand, failing } = observed;
  return {
    deadLetters: createDeadLetters(config.deadLetterTopic, config.groupId, () => deadLetterProducer(kafka, log)),
    duplicates: new Duplicates({
      store: config.stateDirectory === null ? forgetful : offsetFile(config.stateDirectory, config.groupId, log.warn),
      report: (topic, partition, from, to) =>
        log.info(`delivered again, handled before: ${topic}/${partition} offsets ${from} to ${to}`, {
          duplicates: to - from + 1,
        }),
    }),
    observer: observers([metrics.observer, totals.observer, feedObserver({ ...observed, ...watched })]),
    ...{ atHand, failing, log },
    logFormat: config.logFormat,
    attempts: config.handlerAttempts,
    backoffMs: config.handlerBackoffMs,
    timeoutMs: config.handlerTimeoutMs,
    nowMicros: microClock(monotonicMs, Date.now),
    wait: (ms) => (ms === 0 ? nextTurn(undefined) : sleep(ms)),
    later,
    soon: (callback) => void setImmediate(callback),
  };
}

export function createPoison({ config, log }: Shared): Poison {
  const { stateDirectory, groupId } = config;
  const store =
    stateDirectory === null ? noRanges : rangeFile(stateDirectory, groupId, process.argv[1] ?? "", log.warn);
  return new Poison(store, log);
}

export interface StreamParts {
  delivery: CommonOptions;
  poison: Poison;
  /** Ends the process. */
  giveUp(message: string): void;
}

/** Begins to read the topics, and to hand their changes to the handler. */
export function startDelivery(
  callee: Callee,
  { config, log, kafka }: Shared,
  { membership, metrics }: Observed,
  { delivery, poison, giveUp }: StreamParts,
): Stream {
  const { kafkajsParts, groupId, topics, furtherTopics, preferredTopic, retryTopic, deadLetterTopic } = config;
  return startStream({
    kafka,
    kafkajsParts,
    groupId,
    topics: retryTopic === null ? topics : [...topics, retryTopic],
    furtherTopics,
    ...(preferredTopic !== null && { preferredTopic }),
    deadLetterTopic,
    deliver: poison.watching({
      deliver: fromRetryTopic(retryTopic, deliverTo(callee, delivery)),
      giveUp: fromRetryTopic(retryTopic, giveUpOn(delivery)),
    }),
    membership,
    log,
    wait: (ms) => sleep(ms),
    later,
    crashed: (error) => giveUp(errorText(error)),
    assigned: metrics.assigned,
    rebalanced: metrics.rebalance,
    commitFailed: metrics.commitFailed,
    passed: metrics.observer.batchDone,
  });
}
