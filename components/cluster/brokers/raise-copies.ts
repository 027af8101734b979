/** Gives each topic as many copies as the settings say, after brokers were added. */
import type { Admin, ITopicMetadata, PartitionReassignment } from "kafkajs";
import { clientConfig, type KafkaAddress, serversOf } from "../../existing/kafka/kafka-access";
import { TRANSACTION_LOG } from "../../names/kafkas-topics";
import { poll } from "../../poll";
import { teller } from "../../../program/dynamic/teller";
import type { Durability } from "../durability";

/** `ResourceType` of a topic in Kafka's protocol, which kafkajs does not export. */
const TOPIC_RESOURCE = 2;
/** `ConfigSource` of a value that was set for this very topic. */
const OF_TOPIC = 1;
const MIN_INSYNC = "min.insync.replicas";

/**
 * Copies are only added: a topic with more keeps them. Waits until the new copies have all records of the old ones.
 *
 * @throws after ten minutes without progress, with the partitions whose copies are not complete
 */
export async function raiseCopies(kafka: KafkaAddress, { copies, minInsync }: Durability): Promise<void> {
  const { quietKafka } = await import("../../../consumer/kafka/quiet-kafka");
  const admin = quietKafka({ clientId: "cdc-program", ...clientConfig(kafka) }).admin();
  try {
    await admin.connect();
    const brokers = (await admin.describeCluster()).brokers.map(({ nodeId }) => nodeId);
    await allInSync(admin, brokers, copies);
    await raiseMinInsync(admin, minInsync);
  } catch (error) {
    throw new Error(`give each topic ${copies} copies at ${serversOf(kafka)}: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    await admin.disconnect();
  }
}

/** Pure: the brokers for the copies of each partition that has too few. Existing copies stay, and each broker gets about as many partitions to lead. */
export function raisedCopies(
  topics: readonly ITopicMetadata[],
  brokers: readonly number[],
  copies: number,
): PartitionReassignment[] {
  const ring = [...brokers].sort((a, b) => a - b);
  const byName = [...topics].sort((a, b) => (a.name < b.name ? -1 : 1));
  return byName.flatMap(({ name, partitions }, at) => {
    const partitionAssignment = partitions
      .filter(({ replicas }) => replicas.length < copies)
      .map(({ partitionId, replicas }) => {
        const first = (at + partitionId) % ring.length;
        const order = [...ring.slice(first), ...ring.slice(0, first)];
        const added = order.filter((id) => !replicas.includes(id)).slice(0, copies - replicas.length);
        const kept = new Set([...replicas, ...added]);
        // The first broker in the list leads, once it has all records.
        return { partition: partitionId, replicas: order.filter((id) => kept.has(id)) };
      });
    return partitionAssignment.length > 0 ? [{ topic: name, partitionAssignment }] : [];
  });
}

/** Pure: partitions with fewer copies in sync, as `topic-0`. */
export function outOfSync(topics: readonly ITopicMetadata[], copies: number): string[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.filter(({ isr }) => isr.length < copies).map(({ partitionId }) => `${name}-${partitionId}`),
  );
}

async function allInSync(admin: Admin, brokers: readonly number[], copies: number): Promise<void> {
  const tell = teller();
  let fewest = Infinity;
  await poll<void>(
    async () => {
      const { topics } = await admin.fetchTopicMetadata();
      // This is repeated: a topic that somebody makes meanwhile may have too few copies as well.
      const raised = raisedCopies(topics, brokers, copies);
      if (raised.length > 0) await admin.alterPartitionReassignments({ topics: raised });
      const late = outOfSync(topics, copies);
      if (late.length === 0) return { done: true, value: undefined };
      fewest = Math.min(fewest, late.length);
      tell(`Copies that do not have all records yet: ${late.join(", ")}.`);
      return { done: false, seen: late.join(", "), mark: String(fewest) };
    },
    {
      what: "the topics' copies to have all records",
      deadlineMs: 600_000,
      intervalMs: 200,
      remedy: "Look at the brokers' logs; the next `pulumi up` goes on with it.",
    },
  );
}

/** The topic of transactions has its own `min.insync.replicas`, from the time when it was made by an only broker. */
async function raiseMinInsync(admin: Admin, minInsync: number): Promise<void> {
  if (!(await admin.listTopics()).includes(TRANSACTION_LOG)) return;
  const { resources } = await admin.describeConfigs({
    resources: [{ type: TOPIC_RESOURCE, name: TRANSACTION_LOG }],
    includeSynonyms: false,
  });
  const own = resources[0]!.configEntries.filter((entry) => (entry.configSource as number) === OF_TOPIC);
  const before = own.find(({ configName }) => configName === MIN_INSYNC);
  if (before === undefined || Number(before.configValue) >= minInsync) return;
  // A request that leaves out settings of the topic would reset them.
  const entries = own.map(({ configName, configValue }) => ({ name: configName, value: configValue }));
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        ...{ type: TOPIC_RESOURCE, name: TRANSACTION_LOG },
        configEntries: [
          ...entries.filter(({ name }) => name !== MIN_INSYNC),
          { name: MIN_INSYNC, value: String(minInsync) },
        ],
      },
    ],
  });
}
