/**
 * Restarts a failed task of the connector when the cause passes by itself. Kafka Connect never restarts a task, and Debezium retries only errors of
 * the database. A task that would fail again at once (because of a setting, a right, a missing slot) is left for a person to see.
 */
import { rootCause } from "../../../components/connector/rest/root-cause";

/** The pause before the first restart. It doubles with each further one, up to MOST_MS. A task that has run for MENDED_MS counts as mended. */
const FIRST_MS = 5_000;
const MOST_MS = 300_000;
const MENDED_MS = 120_000;

/** Errors of a broker, database or network that was away. */
const PASSES = [
  /TimeoutException|Expiring \d+ record|DisconnectException|NetworkException|NotLeaderOrFollower|BrokerNotAvailable|CoordinatorNotAvailable/i,
  /connection (attempt failed|to \S+ refused|refused|reset|timed out)|UnknownHost|broken pipe|EOFException|I\/O error|no route to host/i,
  /terminating connection|the database system is (starting up|shutting down|in recovery mode|not yet accepting)|server closed the connection/i,
  /Failed to (flush|send)|Unrecoverable exception from producer/i,
];
/** Errors that do not pass, though their trace may also match a pattern above. */
const STAYS =
  /RecordTooLarge|Authoriz|Authentic|UnknownTopicOrPartition|does not exist|no longer available|OutOfMemory/i;

/** Pure: whether the cause of the failure passes by itself. */
export function passes(trace: string): boolean {
  return PASSES.some((pattern) => pattern.test(trace)) && !STAYS.test(trace);
}

export class TaskRestarts {
  private restarts = 0;
  private last = -Infinity;
  private due: number | undefined;

  /**
   * @param now monotonic ms
   * @param warn is called at each restart
   */
  constructor(
    private readonly now: () => number,
    private readonly warn: (sentence: string) => void,
  ) {}

  /** @param trace of the part that has failed; undefined: none has. @returns whether to restart it now */
  observe(trace: string | undefined): boolean {
    const now = this.now();
    if (trace === undefined) {
      this.due = undefined;
      if (now - this.last >= MENDED_MS) this.restarts = 0;
      return false;
    }
    if (!passes(trace)) return false;
    this.due ??= now + Math.min(MOST_MS, FIRST_MS * 2 ** this.restarts);
    if (now < this.due) return false;
    this.due = undefined;
    this.last = now;
    this.restarts++;
    this.warn(`the connector failed, and is started again (${this.restarts}): ${rootCause(trace).cause}`);
    return true;
  }
}
