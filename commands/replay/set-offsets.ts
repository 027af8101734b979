/** Sets the offsets at which a group goes on. */
import { clientConfig, type KafkaAddress } from "../../components/existing/kafka/kafka-access";
import { quietKafka } from "../../consumer/kafka/quiet-kafka";
import type { ReplayStep } from "./replay-plan";

/**
 * Sets them all in one request, as a member of the group that reads nothing. `admin.setOffsets` of kafkajs takes one topic only, and 5 s for each.
 *
 * @throws when the broker does not let it join in time, or refuses the offsets
 */
export async function setOffsets(
  kafka: KafkaAddress,
  groupId: string,
  steps: readonly ReplayStep[],
  deadlineMs: number,
): Promise<void> {
  const topics = [...new Set(steps.map(({ topic }) => topic))];
  const consumer = quietKafka({ clientId: "cdc-replay", ...clientConfig(kafka) }).consumer({
    groupId,
    maxWaitTimeInMs: 100,
    retry: { retries: 3 },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const joined = new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.GROUP_JOIN, () => resolve());
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const late = (): void => reject(new Error(`group ${groupId} took no member within ${deadlineMs / 1000} s`));
      timer = setTimeout(late, deadlineMs);
    });
    // It is awaited below: until then, a rejection has a handler.
    joined.catch(() => undefined);
    await consumer.connect();
    await consumer.subscribe({ topics });
    const running = consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => undefined });
    // It is at once, so that no record is fetched.
    consumer.pause(topics.map((topic) => ({ topic })));
    await Promise.all([running, joined]);
    let isSet = false;
    consumer.on(consumer.events.COMMIT_OFFSETS, () => (isSet = true));
    await consumer.commitOffsets(
      steps.map(({ topic, partition, target }) => ({ topic, partition, offset: target.toString() })),
    );
    // kafkajs says nothing where the member has been put out of the group meanwhile.
    if (!isSet) throw new Error(`The broker did not take the offsets of group ${groupId}.`);
  } finally {
    clearTimeout(timer);
    await consumer.disconnect().catch(() => undefined);
  }
}
