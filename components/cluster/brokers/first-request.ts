import * as kafka from "@pulumi/kafka";

/**
 * Has the plugin connect to the brokers before it gets requests for all topics at once. Its client (sarama) marks a connection as open before it takes
 * the lock under which it opens it. So one of several first requests may find no connection, and `up` would fail with "kafka: broker not connected".
 *
 * @param present topics that the brokers have; a request for a missing one would be repeated for most of a second
 */
export async function connectPlugin(provider: kafka.Provider, [name]: readonly string[]): Promise<void> {
  const asked = name === undefined ? kafka.getTopics({ provider }) : kafka.getTopic({ name }, { provider });
  // An error is left to the topic that cannot be made, which reports it.
  await asked.catch(() => undefined);
}
