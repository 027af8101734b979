/** What all parts of the process share: its settings, its log, and how Kafka is reached. */
import { clientConfig } from "../../components/existing/kafka/kafka-access";
import type { Config } from "../config";
import { type Log, createLog } from "../log";
import { blockingWriter } from "../stdout";
import { watchEventLoop } from "../watchdog";

export interface Shared {
  config: Config;
  /** Differs from that of the process before, so that clients notice a restart. */
  epoch: string;
  log: Log;
  kafka: { clientId: string } & ReturnType<typeof clientConfig>;
}

/** A handler that blocks the event loop for so long counts as one that never ends. */
const WATCHDOG = { silentMs: 30_000, everyMs: 1_000 } as const;

export function createShared(config: Config): Shared {
  const watchdog = watchEventLoop(WATCHDOG);
  const write = blockingWriter(1);
  return {
    config,
    epoch: Date.now().toString(36),
    log: createLog(config.logFormat, (text) => watchdog.excuse(() => write(text)), Date.now, config.logLevel),
    kafka: {
      clientId: config.groupId,
      ...clientConfig({ servers: config.brokers.join(","), ...config.kafkaSecurity }),
    },
  };
}

/** Milliseconds with a fraction, from a clock that never goes back. */
export const monotonicMs = (): number => performance.now();

/** Calls back after ms; the returned function cancels. */
export function later(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
