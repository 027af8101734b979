/** The topics that brokers have, asked of the brokers. */
import type { Admin } from "kafkajs";
import { clientConfig, type KafkaAddress, serversOf } from "../../existing/kafka/kafka-access";
import { poll } from "../../poll";
import { isListening } from "../../preflight/port-holder";
import { indexes, memberRole } from "../members";

/** The topics that the stack's brokers have now; none where nothing answers within a second. */
export async function presentTopics(servers: string): Promise<string[]> {
  const listening = await Promise.all(servers.split(",").map((each) => isListening(Number(each.split(":").at(-1)))));
  if (!listening.includes(true)) return [];
  return listTopics(servers, 1000).catch(() => []);
}

/**
 * Waits until so many brokers answer that have these topics. @param brokers that know of each other
 *
 * @returns all topics that they have
 * @throws after 120 s in which no further one of them came, saying what was last seen
 */
export async function waitForBrokerTopics(
  kafka: KafkaAddress,
  names: string[],
  { deadlineMs = 120_000, brokers = 1 }: { deadlineMs?: number; brokers?: number } = {},
): Promise<string[]> {
  return poll<string[]>(
    async () => {
      try {
        const found = await listTopics(kafka, 2000, brokers);
        const missing = names.filter((name) => !found.includes(name));
        return missing.length === 0
          ? { done: true, value: found }
          : { done: false, seen: `no topic ${shortly(missing)}`, mark: String(missing.length) };
      } catch (error) {
        return { done: false, seen: (error as Error).message };
      }
    },
    {
      what: `the Kafka broker at ${serversOf(kafka)}`,
      deadlineMs,
      intervalMs: 50,
      remedy: "Look at the broker and its log.",
    },
  );
}

/** Hundreds of names would hide the sentence. */
function shortly(names: readonly string[]): string {
  const [shown, more] = [names.slice(0, 5), names.length - 5];
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/**
 * The topics, as the first of the addresses has them.
 *
 * Of several brokers each has to answer for itself: one registers with the others before it answers anybody (Kafka 3.9.2 with ZooKeeper), the engine's proxy takes
 * connections for it meanwhile and drops them, and the first topics' plugin, which asks whichever leads the cluster, fails for good.
 *
 * @param deadlineMs for the connection, and for the answer
 * @throws where there are fewer brokers, or where one does not answer
 */
async function listTopics(kafka: KafkaAddress, deadlineMs: number, brokers = 1): Promise<string[]> {
  // Only now, when the containers start: nothing waits for this module to be loaded.
  const { withBroker } = await import("../../preflight/broker-look");
  if (brokers === 1) return withBroker(kafka, deadlineMs, (_admin, topics) => Promise.resolve(topics));
  const security = typeof kafka === "string" ? {} : kafka;
  const lists = await Promise.all(
    clientConfig(kafka).brokers.map((servers) =>
      withBroker({ ...security, servers }, deadlineMs, async (admin, topics) => {
        await rejectFewer(admin, brokers);
        return topics;
      }),
    ),
  );
  return lists[0]!;
}

async function rejectFewer(admin: Admin, brokers: number): Promise<void> {
  const there = (await admin.describeCluster()).brokers.map(({ nodeId }) => nodeId);
  if (there.length >= brokers) return;
  const missing = indexes(brokers).filter((index) => !there.includes(index));
  throw new Error(
    `${there.length} of ${brokers} brokers, without ${missing.map((index) => memberRole("kafka", index)).join(", ")}`,
  );
}
