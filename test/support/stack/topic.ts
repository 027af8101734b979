import { randomUUID } from "node:crypto";
import { type Admin, ConfigResourceTypes, type EachBatchPayload, Kafka, logLevel } from "kafkajs";
import { onBatchEnd } from "../../../consumer/kafka/lanes/batch-ends";

export interface Record {
  key: string | null;
  value: string | null;
}

/** Every record of a topic with one partition, from its beginning to its end. */
export async function recordsOf(bootstrapServers: string, topic: string): Promise<Record[]> {
  const kafka = clientOf(bootstrapServers);
  const { low, high } = await asAdmin(kafka, async (admin) => (await admin.fetchTopicOffsets(topic))[0]!);
  const records: Record[] = [];
  // Kafka sends nothing from a topic whose records are all deleted.
  if (low === high) return records;
  const end = BigInt(high);
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}` });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on("consumer.crash", ({ payload }) => reject(payload.error));
      onBatchEnd(consumer, ({ next }) => next >= end && resolve());
      // Reads batches: with a hundred thousand records, a call for each would cost more than the record.
      const eachBatch = ({ batch }: EachBatchPayload): Promise<void> => {
        for (const { key, value } of batch.messages)
          records.push({ key: key?.toString() ?? null, value: value?.toString() ?? null });
        return Promise.resolve();
      };
      consumer.run({ autoCommit: false, eachBatch }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return records;
}

/** How many records were ever written to a topic with one partition; 0 when the topic does not exist. */
export function writtenTo(bootstrapServers: string, topic: string): Promise<number> {
  return asAdmin(clientOf(bootstrapServers), (admin) =>
    admin.fetchTopicOffsets(topic).then(
      ([partition]) => Number(partition!.high),
      () => 0,
    ),
  );
}

/** The values of some keys of a topic's config. */
export function configOf(bootstrapServers: string, topic: string, keys: string[]): Promise<(string | undefined)[]> {
  return asAdmin(clientOf(bootstrapServers), async (admin) => {
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: keys }];
    const [found] = (await admin.describeConfigs({ resources, includeSynonyms: false })).resources;
    return keys.map((key) => found?.configEntries.find(({ configName }) => configName === key)?.configValue);
  });
}

/** By topic, Kafka's own included, the number of in-sync copies of the partition that has the fewest. */
export function copiesOf(bootstrapServers: string): Promise<Map<string, number>> {
  return asAdmin(clientOf(bootstrapServers), async (admin) => {
    const { topics } = await admin.fetchTopicMetadata();
    return new Map(topics.map(({ name, partitions }) => [name, Math.min(...partitions.map(({ isr }) => isr.length))]));
  });
}

/** Names of all topics. */
export function topicsOf(bootstrapServers: string): Promise<string[]> {
  return asAdmin(clientOf(bootstrapServers), (admin) => admin.listTopics());
}

function clientOf(bootstrapServers: string): Kafka {
  return new Kafka({ clientId: "cdc-test", brokers: [bootstrapServers], logLevel: logLevel.NOTHING });
}

async function asAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
