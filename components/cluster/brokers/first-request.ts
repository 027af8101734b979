import * as kafka from "@pulumi/kafka";
import type { KafkaAddress } from "../../existing/kafka/kafka-access";
import { poll, tried } from "../../poll";

/**
 * Has the plugin connect to the brokers before it gets requests for all topics at once. Its client (sarama) marks a connection as open before it takes
 * the lock under which it opens it. So one of several first requests may find no connection, and `up` would fail with "kafka: broker not connected".
 *
 * The plugin connects to the broker that makes topics only when it looks at a topic that exists (mongey 0.13.1: a list of topics needs no broker but the first).
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
  const asked = name === undefined ? kafka.getTopics({ provider }) : kafka.getTopic({ name }, { provider });
  // An error is left to the topic that cannot be made, which reports it.
  await asked.catch(() => undefined);
}

/** Any group: who asks for its coordinator does not become a member, and leaves nothing behind but the topic below. */
const GROUP = "cdc-look";

/**
 * Has a Kafka without topics make its own topic of consumer groups, which the consumer needs anyway. Kafka makes it for the first client that asks for a
 * group's coordinator.
 *
 * @returns its name; undefined when Kafka did not make it in 5 s, or does not let this client ask
 */
async function groupsTopic(address: KafkaAddress): Promise<string | undefined> {
  const { withBroker } = await import("../../preflight/broker-look");
  const asked = poll<string>(
    () => tried(withBroker(address, 2_000, (admin) => admin.describeGroups([GROUP])).then(() => "__consumer_offsets")),
    { what: "a coordinator of consumer groups", deadlineMs: 5_000, intervalMs: 50 },
  );
  return asked.catch(() => undefined);
}
