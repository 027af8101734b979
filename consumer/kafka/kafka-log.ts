/** kafkajs's messages as plain lines of the consumer's log, without stack traces, and each at most once in ten seconds. */
import { type LogEntry, type logCreator, logLevel } from "kafkajs";
import type { Log } from "../log";

const QUIET_MS = 10_000;

/**
 * Messages that the consumer itself words better, and messages of normal operation. "Response …" is an answer that kafkajs
 * deals with, mostly by asking again. An answer that it cannot deal with becomes a crash.
 */
const EXPECTED = [
  /^The group is rebalancing/,
  /^The coordinator is not aware of this member/,
  /^Crash: /,
  /^Restarting the consumer/,
  /^Response /,
  /^Failed to connect to seed/,
];

/** kafkajs then goes on from the oldest record, because the stream subscribes with `fromBeginning`. */
const OUT_OF_RANGE = "Offset out of range, resetting";

function lost(topic: string): string {
  return (
    `${topic} no longer has the offset to go on from: its records were deleted unread, or it was made anew. ` +
    "Going on from the oldest that it has"
  );
}

/** Parts of a KafkaConfig. They let only warnings and errors through: the rest is of use to those who work on kafkajs. */
export function kafkaLogs(log: Log): { logLevel: logLevel; logCreator: logCreator } {
  const saidAt = new Map<string, number>();
  const say = ({ level, namespace, log: { message, ...extra } }: LogEntry): void => {
    if (EXPECTED.some((form) => form.test(message))) return;
    if (message.startsWith(OUT_OF_RANGE))
      return log.error(lost(String(extra["topic"])), { partition: extra["partition"] });
    const cause = typeof extra["error"] === "string" && extra["error"] !== message ? `: ${extra["error"]}` : "";
    const line = `kafkajs${namespace ? ` ${namespace}` : ""}: ${message}${cause}`;
    const now = Date.now();
    if (now - (saidAt.get(line) ?? -Infinity) < QUIET_MS) return;
    if (saidAt.size > 100) saidAt.clear();
    saidAt.set(line, now);
    if (level === logLevel.ERROR) log.error(line);
    else log.warn(line);
  };
  return { logLevel: logLevel.WARN, logCreator: () => say };
}
