/** Which errors of kafkajs pass by themselves: when a broker is back, or the group has settled. */

/**
 * kafkajs 2.2.4 calls these final, but each only says that nobody answered in time. A coordinator counts as not found
 * also when the connection to the broker that was asked is closed at that moment (`BrokerPool.withBroker` keeps no cause).
 */
const CALLED_FINAL = ["KafkaJSGroupCoordinatorNotFound", "KafkaJSTimeout", "KafkaJSLockTimeout"];
/** Whatever was tried so often was worth another try. */
const TRIED_OFTEN = "KafkaJSNumberOfRetriesExceeded";

interface KafkajsError {
  name?: string;
  /** Only kafkajs's own errors say so, or that they are not. */
  retriable?: boolean;
  cause?: unknown;
}

/** Whether another consumer of the same group may do better, sooner or later. */
export function mayPass(error: unknown): boolean {
  const { name = "", retriable, cause } = (error ?? {}) as KafkajsError;
  if (name === TRIED_OFTEN || CALLED_FINAL.includes(name)) return true;
  return cause === undefined ? retriable === true : mayPass(cause);
}
