import * as kafka from "@pulumi/kafka";

/**
 * Has the plugin connect to the brokers before all topics ask it at once. Its client (sarama) marks a connection as open before it takes the lock
 * under which it opens it: of several first requests one may find none, and that `up` would fail with "kafka: broker not connected".
 *
 * @param present topics that the brokers have: a question for one that they have not would be asked for most of a second
 */
export async function connectPlugin(provider: kafka.Provider, [name]: readonly string[]): Promise<void> {
  const asked = name === undefined ? kafka.getTopics({ provider }) : kafka.getTopic({ name }, { provider });
  // What is wrong is said of the topic that cannot be made.
  await asked.catch(() => undefined);
}
