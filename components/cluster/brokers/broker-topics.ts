/** Asks brokers which topics they have. */
import type { Admin } from "kafkajs";
import { clientConfig, type KafkaAddress, serversOf } from "../../existing/kafka/kafka-access";
import { poll } from "../../poll";
import { isListening } from "../../preflight/port-holder";
import { indexes, memberRole } from "../members";

/** The topics that the stack's brokers have now; none when no broker answers within a second. */
export async function presentTopics(servers: string): Promise<string[]> {
  const listening = await Promise.all(servers.split(",").map((each) => isListening(Number(each.split(":").at(-1)))));
  if (!listening.includes(true)) return [];
  return listTopics(servers, 1000).catch(() => []);
}

/**
 * Waits until the brokers answer and have these topics. @param brokers how many have to know of each other
 *
 * @returns all topics that they have
 * @throws after 120 s without a further one of the topics, with what was last seen
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

/** The first names only: hundreds would hide the sentence. */
function shortly(names: readonly string[]): string {
  const [shown, more] = [names.slice(0, 5), names.length - 5];
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/**
 * The topics, as the first of the addresses has them.
 *
 * Each of several brokers has to answer for itself. A broker registers with the others before it answers clients (Kafka 3.9.2 with ZooKeeper). Meanwhile the
 * engine's proxy takes connections for it and drops them. The plugin that makes topics asks whichever broker leads the cluster, and would fail without another try.
 *
 * @param deadlineMs for the connection, and for the answer
 * @throws when there are fewer brokers, or when one does not answer
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
