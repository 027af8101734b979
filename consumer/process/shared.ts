/** What all parts of the process share: its settings, its log, and how Kafka is reached. */
import { clientConfig } from "../../components/existing/kafka/kafka-access";
import type { Config } from "../config";
import { type Log, createLog } from "../log";
import { blockingWriter } from "../stdout";
import { watchEventLoop } from "../watchdog";

export interface Shared {
  config: Config;
  /** Tells this process from the one before it. */
  epoch: string;
  log: Log;
  kafka: { clientId: string } & ReturnType<typeof clientConfig>;
}

/** A handler that holds the event loop for so long will not give it back. */
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

/** Ms that never go back, with a fraction. */
export const monotonicMs = (): number => performance.now();

/** Calls back after ms; the returned function cancels. */
export function later(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
