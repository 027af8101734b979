import { connect } from "node:net";
import type { Admin } from "kafkajs";
import { eachBrokerOnce } from "../../../consumer/kafka/each-broker-once";
import { quietKafka } from "../../../consumer/kafka/quiet-kafka";
import { clientConfig, type KafkaAccess } from "./kafka-access";
import { causeOf, kafkaTrouble, RIGHTS } from "./kafka-trouble";
import { noTransactions } from "./transactions-look";

/** A topic as a Kafka has it, or as it is to be made. */
export interface TopicShape {
  partitions: number;
  /** Copies of each partition. */
  replicas: number;
}

/** Facts about a Kafka that somebody else runs. */
export interface KafkaFacts {
  /** The same for all its brokers, as Kafka Connect names it too. */
  clusterId: string;
  brokers: number;
  /** Copies of each topic that the stack makes there. */
  copies: number;
  topics: ReadonlyMap<string, TopicShape>;
}

/** What the Kafka must be able to have when the stack is up. */
export interface KafkaWishes {
  topics: readonly { name: string; partitions: number; config: Record<string, string> }[];
  /** Copies; 0: as many as there are brokers, 3 at most. */
  replicationFactor: number;
  /** Copies that the stack's topics have in a cluster already, by its id and what it has. @default none */
  madeCopies?: (clusterId: string, present: KafkaFacts["topics"]) => number;
  /** Groups that have to be joined, and what the names of all begin with. */
  groups: readonly string[];
  groupPrefix: string;
  /** Whether records are to be written in transactions: `cdc:exactlyOnce`. @default false */
  transactions?: boolean;
}

/** How long a connection, and a request, may take. Even when both hang, the whole look takes below 10 s. */
const ASK_MS = 3000;
const WHOLE_MS = 9000;

/**
 * Asks a Kafka whether it can serve the stack, and changes nothing in it: whether it lets us in, whether its brokers can be
 * reached by the addresses that they tell, and whether the topics that are missing could be made.
 *
 * @throws Error with one sentence, within 10 s
 */
export async function lookAtKafka(kafka: KafkaAccess, wishes: KafkaWishes): Promise<KafkaFacts> {
  const config = clientConfig(kafka);
  const admin = quietKafka({
    ...{ clientId: "cdc-preflight", ...config, retry: eachBrokerOnce(config.brokers) },
    ...{ connectionTimeout: ASK_MS, requestTimeout: ASK_MS },
  }).admin();
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`no answer in ${WHOLE_MS / 1000} s`)), WHOLE_MS);
  });
  try {
    return await Promise.race([look(admin, kafka, wishes), tooLate]);
  } catch (error) {
    throw error instanceof Refusal ? error : new Error(kafkaTrouble(kafka, error), { cause: error });
  } finally {
    clearTimeout(late);
    void admin.disconnect().catch(() => undefined);
  }
}

/** An error whose message is a whole sentence, to be shown as it is. */
class Refusal extends Error {}

async function look(admin: Admin, kafka: KafkaAccess, wishes: KafkaWishes): Promise<KafkaFacts> {
  await admin.connect();
  // kafkajs knows the brokers once it has asked for topics; without retries any other first question fails.
  const { topics } = await admin.fetchTopicMetadata();
  const { brokers, clusterId } = await admin.describeCluster();
  await Promise.all(brokers.map((broker) => reach(kafka, broker)));
  const present = new Map(
    topics.map(({ name, partitions }) => [
      name,
      { partitions: partitions.length, replicas: partitions[0]?.replicas.length ?? 0 },
    ]),
  );
  const made = wishes.madeCopies?.(clusterId, present) ?? 0;
  const facts: KafkaFacts = {
    ...{ clusterId, brokers: brokers.length, copies: copiesOf(wishes, brokers.length, made) },
    topics: present,
  };
  // A broker may be down. What the topics have already needs no broker more.
  if (wishes.replicationFactor > Math.max(facts.brokers, made))
    throw new Refusal(
      `cdc:replicationFactor is ${wishes.replicationFactor}, but Kafka at ${kafka.servers} has ${facts.brokers} ` +
        `broker${facts.brokers === 1 ? "" : "s"}: each keeps one copy at most.`,
    );
  await tryTopics(admin, kafka, wishes, facts);
  await tryGroups(admin, kafka, wishes);
  const none = wishes.transactions ? await noTransactions(admin, facts) : undefined;
  if (none !== undefined)
    throw new Refusal(`cdc:exactlyOnce writes in transactions, and Kafka at ${kafka.servers} cannot have any: ${none}`);
  return facts;
}

/**
 * Pure: how many copies each topic gets. Without a setting never fewer than before: a broker that is down is not among those that answer, and the
 * topics would lose the copies that it has.
 *
 * @param made copies that the stack's topics have there already
 */
export function copiesOf(
  { replicationFactor }: Pick<KafkaWishes, "replicationFactor">,
  brokers: number,
  made = 0,
): number {
  return replicationFactor > 0 ? replicationFactor : Math.min(Math.max(brokers, made), MOST_COPIES);
}

/** The usual number of copies of data that must not be lost. */
const MOST_COPIES = 3;

/** Checks an advertised address: a client asks one broker for the others, and goes on with the addresses that it gets. */
async function reach({ servers }: KafkaAccess, { host, port }: { host: string; port: number }): Promise<void> {
  const why = await new Promise<string | undefined>((resolve) => {
    const socket = connect({ host, port, timeout: ASK_MS });
    const end = (reason?: string): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end(`no answer in ${ASK_MS / 1000} s`));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
  if (why === undefined) return;
  throw new Refusal(
    `Kafka at ${servers} (cdc:bootstrapServers) answers, but tells its clients to go on at ${host}:${port}, which cannot be ` +
      `reached from here (${why}): the broker's advertised.listeners has to name an address that this machine and its ` +
      "containers reach.",
  );
}

/** Asks for the groups. A Kafka without any group has no coordinator yet, which comes with the first one. */
export async function tryGroups(
  admin: Pick<Admin, "fetchOffsets">,
  { servers }: Pick<KafkaAccess, "servers">,
  { groups, groupPrefix }: Pick<KafkaWishes, "groups" | "groupPrefix">,
): Promise<void> {
  const refused = await Promise.all(
    groups.map(async (groupId) =>
      admin.fetchOffsets({ groupId }).then(
        () => [],
        (error: unknown) => (/AUTHORIZATION/.test(causeOf(error).type ?? "") ? [groupId] : []),
      ),
    ),
  );
  const names = refused.flat();
  if (names.length === 0) return;
  throw new Refusal(
    `Kafka at ${servers} (cdc:bootstrapServers) lets this client in, but not to the groups ${names.join(", ")}: it needs READ, DESCRIBE and DELETE ` +
      `on all groups whose names begin with ${groupPrefix}- (an ACL of the pattern type PREFIXED), as several are made for a moment only.`,
  );
}

/** Has Kafka check whether it would make the topics, without making them: rights, copies, config, and the cluster's policies. */
async function tryTopics(admin: Admin, kafka: KafkaAccess, wishes: KafkaWishes, facts: KafkaFacts): Promise<void> {
  const missing = wishes.topics.filter(({ name }) => !facts.topics.has(name));
  if (missing.length === 0) return;
  try {
    await admin.createTopics({
      validateOnly: true,
      waitForLeaders: false,
      topics: missing.map(({ name, partitions, config }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: facts.copies,
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
    });
  } catch (error) {
    const { message, type } = causeOf(error);
    const { topic = missing[0]!.name } = ((error as { errors?: { topic?: string }[] }).errors ?? [])[0] ?? {};
    const rights =
      type !== undefined && /AUTHORIZATION/.test(type) ? ` ${RIGHTS[0]!.toUpperCase()}${RIGHTS.slice(1)}.` : "";
    const down =
      facts.copies > facts.brokers
        ? ` The stack's other topics have ${facts.copies} copies, and ${facts.brokers} broker${facts.brokers === 1 ? " answers" : "s answer"}: a new one is made once all do.`
        : "";
    throw new Refusal(
      `Kafka at ${kafka.servers} would not make the topic ${topic} (${type ?? message}): ${message}.${rights}${down} ` +
        "Somebody with more rights can make the topic beforehand: the stack uses an existing topic as it is.",
    );
  }
}
