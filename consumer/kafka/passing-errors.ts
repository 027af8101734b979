/** Which errors of kafkajs pass by themselves: when a broker is back, or the group has settled. */

/**
 * kafkajs 2.2.4 calls these final, but each only says that nobody answered in time. A coordinator counts as not found
 * also when the connection to the broker that was asked is closed at that moment (`BrokerPool.withBroker` keeps no cause).
 */
const CALLED_FINAL = ["KafkaJSGroupCoordinatorNotFound", "KafkaJSTimeout", "KafkaJSLockTimeout"];
/** kafkajs gives this name to errors that it has retried, so they may pass. */
const TRIED_OFTEN = "KafkaJSNumberOfRetriesExceeded";

interface KafkajsError {
  name?: string;
  /** Only kafkajs's own errors say so, or that they are not. */
  retriable?: boolean;
  cause?: unknown;
}

/** Whether a new consumer of the same group may work, sooner or later. */
export function mayPass(error: unknown): boolean {
  const { name = "", retriable, cause } = (error ?? {}) as KafkajsError;
  if (name === TRIED_OFTEN || CALLED_FINAL.includes(name)) return true;
  return cause === undefined ? retriable === true : mayPass(cause);
}

/** kafkajs's name for a refused login. A further try might lock the account. */
const REFUSED_LOGIN = "KafkaJSSASLAuthenticationError";
const FEW_TRIES = 3;
/** After so long without an error, the count begins again. */
const FORGET_AFTER_MS = 60_000;

/**
 * Counts tries after errors that are not known to pass. Some of them come of kafkajs's own state, which a new consumer does not have: plain
 * errors such as "Broker not connected", or a TypeError.
 */
export class FewTries {
  private made = 0;
  private last = -Infinity;

  /** @param now monotonic ms */
  constructor(private readonly now: () => number) {}

  /** @returns how many tries there were in a row, with this one; null when a further one is of no use */
  next(error: unknown): number | null {
    const now = this.now();
    if (now - this.last > FORGET_AFTER_MS) this.made = 0;
    this.last = now;
    if (isRefusedLogin(error) || this.made === FEW_TRIES) return null;
    return ++this.made;
  }
}

function isRefusedLogin(error: unknown): boolean {
  const { name, cause } = (error ?? {}) as KafkajsError;
  return name === REFUSED_LOGIN || (cause !== undefined && isRefusedLogin(cause));
}
