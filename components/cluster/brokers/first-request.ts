import * as kafka from "@pulumi/kafka";
import type { KafkaAddress } from "../../existing/kafka/kafka-access";
import { poll, type Probe, tried } from "../../poll";

/**
 * Has the plugin connect to the brokers before it gets requests for all topics at once. Its client (sarama) marks a connection as open before it takes
 * the lock under which it opens it. So one of several first requests may find no connection, and `up` would fail with "kafka: broker not connected".
 *
 * The plugin connects to the broker that makes topics only when it looks at a topic that exists (mongey 0.13.1: a list of topics needs no broker but the first).
 * A topic that is just being made has no leaders yet. The look fails then before it connects, so it is repeated.
 *
 * @param address the brokers, as seen from this machine
 * @param present topics that the brokers have; a request for a missing one would be repeated for most of a second
 */
export async function connectPlugin(
  provider: kafka.Provider,
  address: KafkaAddress,
  [first]: readonly string[],
): Promise<void> {
  const name = first ?? (await groupsTopic(address));
  const asked =
    name === undefined
      ? kafka.getTopics({ provider })
      : poll(() => look(name, provider), {
          what: "the Kafka plugin's connection",
          ...{ deadlineMs: PATIENT_MS, intervalMs: 200 },
        });
  // An error is left to the topic that cannot be made, which reports it.
  await asked.catch(() => undefined);
}

/** What this client may not ask, it may not ask later, either. */
const FOR_GOOD = /authori[sz]|authenticat/i;

async function look(name: string, provider: kafka.Provider): Promise<Probe<void>> {
  try {
    await kafka.getTopic({ name }, { provider });
    return { done: true, value: undefined };
  } catch (error) {
    const { message } = error as Error;
    if (FOR_GOOD.test(message)) throw error;
    return { done: false, seen: message };
  }
}

/** How long a broker may take for its first topic, in milliseconds. With all cores busy that is many times the usual second. */
const PATIENT_MS = 15_000;

/** Any group: who asks for its coordinator does not become a member, and leaves nothing behind but the topic below. */
const GROUP = "cdc-look";

/**
 * Has a Kafka without topics make its own topic of consumer groups, which the consumer needs anyway. Kafka makes it for the first client that asks for a
 * group's coordinator.
 *
 * @returns its name; undefined when Kafka did not make it in 15 s, or does not let this client ask
 */
async function groupsTopic(address: KafkaAddress): Promise<string | undefined> {
  const { withBroker } = await import("../../preflight/broker-look");
  const asked = poll<string>(
    () => tried(withBroker(address, 2_000, (admin) => admin.describeGroups([GROUP])).then(() => "__consumer_offsets")),
    { what: "a coordinator of consumer groups", deadlineMs: PATIENT_MS, intervalMs: 50 },
  );
  return asked.catch(() => undefined);
}
