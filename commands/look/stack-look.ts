import type { ConsumerKind } from "../../components/consumer";
import type { ConnectAccess } from "../../components/existing/connect/connect-access";
import type { KafkaAddress } from "../../components/existing/kafka/kafka-access";
import { CONSUMER_LABEL } from "../../components/container/labels";
import { type Answer, ask, unasked } from "./answer";
import { type BrokerLook, lookAtBroker } from "../../components/preflight/broker-look";
import { type ConnectorLook, lookAtConnectors } from "./connectors-look";
import { type ConsumerLook, lookAtConsumer } from "./consumer-look";
import { type ContainerLook, containersByStack, isThere, lookAtContainers, type Service } from "./containers-look";
import { databaseOf, type DatabaseLook, lookAtDatabase } from "./database-look";
import { topicsToRead } from "../../consumer/kafka/further-topics";
import { countWaiting } from "./letter-count";
import { withElsewhere } from "./elsewhere";
import { whyShutOut } from "./shut-out";
import { whichStack } from "./which-stack";
import { lookAtUpgrade, type UpgradeLook } from "../upgrade-postgres/upgrade-look";

/** The stack as it is now: what each part says of itself. */
export interface StackLook {
  /** `<project>-<stack>` */
  prefix: string;
  /** When, in milliseconds since 1970. */
  at: number;
  containers: Answer<ContainerLook[]>;
  database: Answer<DatabaseLook>;
  connectors: Answer<ConnectorLook[]>;
  broker: Answer<BrokerLook>;
  consumer: Answer<ConsumerLook>;
  /** Of a cluster the further consumers whose containers run. */
  furtherConsumers: { container: ContainerLook; look: Answer<ConsumerLook> }[];
  /** Prefixes of the other stacks that the engine has containers of. @default none */
  others?: string[];
  /** An upgrade of the stack's own database that goes on, or was ended midway. */
  upgrade?: UpgradeLook | undefined;
}

/**
 * All questions to one part share this deadline, and the parts are asked at the same time: so one that hangs delays the look by this much.
 * One question is a `docker exec`, which takes 2 s on a machine that is busy with a start, and such a part is not dead.
 */
export const DEADLINE_MS = 4_000;

/** Everything about a stack is known from its containers, which say their ports and settings: no state is read. */
export async function lookAtStack(stack: string | undefined): Promise<StackLook> {
  const at = Date.now();
  const { prefix, containers, others } = await find(stack, DEADLINE_MS);
  if (!containers.ok) return { prefix, at, containers, ...blind("the Docker engine does not answer") };
  const [first, connectors, broker, consumer, furtherConsumers, upgrade] = await Promise.all([
    askDatabase(containers.value, prefix),
    askRunning(containers.value, "connect", (connect) => lookAtConnectors(connectOf(connect), DEADLINE_MS)),
    askBroker(containers.value, prefix),
    consumerKindOf(containers.value) === "handler"
      ? askRunning(containers.value, "consumer", ({ ports }) => lookAtConsumer(urlOf(ports["8088"]), DEADLINE_MS))
      : unasked<ConsumerLook>("it is not the project's own consumer"),
    lookAtFurtherConsumers(containers.value),
    askUpgrade(containers.value, prefix),
  ]);
  // They were asked side by side, and the log may have grown in between: a loss is only what a later look says too.
  const database = isAhead(connectors, first) ? await askDatabase(containers.value, prefix) : first;
  return { prefix, at, containers, database, connectors, broker, consumer, furtherConsumers, others, upgrade };
}

/** Where it cannot be seen, nothing may be advised that would start a server. */
async function askUpgrade(containers: ContainerLook[], prefix: string): Promise<UpgradeLook | undefined> {
  const { state } = containerOf(containers, "postgres");
  if (state === "elsewhere") return undefined;
  const seen = await ask(2 * DEADLINE_MS, () => lookAtUpgrade(prefix, state === "running"));
  return seen.ok ? seen.value : { state: "ended", place: undefined };
}

function askDatabase(containers: ContainerLook[], prefix: string): Promise<Answer<DatabaseLook>> {
  return askRunning(containers, "postgres", async (postgres) => {
    const address = await databaseOf(containers, DEADLINE_MS);
    return lookAtDatabase(address, prefix, DEADLINE_MS).catch(async (error: unknown) => {
      const role = containerOf(containers, "consumer").environment["POSTGRES_USER"];
      throw await whyShutOut(error, postgres, role, DEADLINE_MS);
    });
  });
}

/** Pure: whether a connector has read more than the database's log had. */
export function isAhead(connectors: Answer<ConnectorLook[]>, database: Answer<DatabaseLook>): boolean {
  if (!connectors.ok || !database.ok) return false;
  return connectors.value.some(({ readBytes }) => (readBytes ?? 0) > database.value.endsBytes);
}

async function askBroker(containers: ContainerLook[], prefix: string): Promise<Answer<BrokerLook>> {
  const subscription = subscriptionOf(containers);
  const { group, retryTopic } = subscription;
  const wanted = (existing: readonly string[]): string[] => [
    ...topicsRead(subscription, existing),
    ...(retryTopic === undefined ? [] : [retryTopic]),
  ];
  const look = await askRunning(containers, "kafka", (kafka) =>
    lookAtBroker(brokerOf(kafka), group, wanted, DEADLINE_MS),
  );
  if (!look.ok) return look;
  const server = brokerOf(containerOf(containers, "kafka"));
  const waiting = await countWaiting(server, subscription, look.value, DEADLINE_MS, prefix);
  return waiting === undefined ? look : { ...look, value: { ...look.value, waitingLetters: waiting } };
}

function lookAtFurtherConsumers(containers: ContainerLook[]): Promise<StackLook["furtherConsumers"]> {
  if (consumerKindOf(containers) !== "handler") return Promise.resolve([]);
  const first = containerOf(containers, "consumer");
  const further = containers.filter((each) => each.service === "consumer" && each !== first && isThere(each));
  return Promise.all(
    further.map(async (container) => ({
      container,
      look: await ask(DEADLINE_MS, () => lookAtConsumer(urlOf(container.ports["8088"]), DEADLINE_MS)),
    })),
  );
}

/** The stack that is meant and its containers. @throws when the engine does not answer in time */
export async function containersOf(
  stack: string | undefined,
  deadlineMs = DEADLINE_MS,
): Promise<{ prefix: string; containers: ContainerLook[] }> {
  const { prefix, containers } = await find(stack, deadlineMs);
  if (!containers.ok) throw new Error(`The Docker engine does not answer: ${containers.reason}`);
  return { prefix, containers: containers.value };
}

async function find(
  stack: string | undefined,
  deadlineMs: number,
): Promise<{ prefix: string; containers: Answer<ContainerLook[]>; others: string[] }> {
  const present = containersByStack(deadlineMs);
  const prefixes = present.then(
    (stacks) => [...stacks.keys()],
    () => [],
  );
  const prefix = await whichStack(stack, prefixes);
  const containers = await ask(2 * deadlineMs, async () =>
    lookAtContainers(prefix, (await present).get(prefix) ?? [], deadlineMs),
  );
  const others = (await prefixes).filter((each) => each !== prefix).sort();
  if (!containers.ok) return { prefix, containers, others };
  return { prefix, others, containers: { ...containers, value: await withElsewhere(prefix, containers.value) } };
}

/**
 * The topics that the consumer reads by name, patterns of those that it reads as soon as they exist, the topic of its dead letters, and
 * that by which dead letters are sent back to it.
 */
export interface Subscription {
  group: string;
  topics: string[];
  furtherTopics: string[];
  deadLetterTopic: string | undefined;
  retryTopic: string | undefined;
  /** Whether the worker writes in transactions, each of which takes an offset of its own. */
  inTransactions: boolean;
}

export function subscriptionOf(containers: ContainerLook[]): Subscription {
  const { environment } = containerOf(containers, "consumer");
  const { KAFKA_GROUP_ID: group = "", KAFKA_TOPICS = "", KAFKA_FURTHER_TOPICS = "" } = environment;
  const { KAFKA_DEAD_LETTER_TOPIC: deadLetterTopic, KAFKA_RETRY_TOPIC: retryTopic } = environment;
  const topics = [...KAFKA_TOPICS.split(","), deadLetterTopic ?? ""].filter(Boolean);
  const furtherTopics = KAFKA_FURTHER_TOPICS.split(",")
    .map((pattern) => pattern.trim())
    .filter(Boolean);
  const worker = containerOf(containers, "connect").environment["PROPERTIES"] ?? "";
  const inTransactions = /^exactly\.once\.source\.support=enabled$/m.test(worker);
  return { group, topics, furtherTopics, deadLetterTopic, retryTopic, inTransactions };
}

/** Pure: the topics of changes that the consumer reads. @param existing all topics of the broker */
export function topicsOfChanges(
  { deadLetterTopic = "", retryTopic, ...rest }: Subscription,
  existing: readonly string[],
): string[] {
  return topicsToRead({ ...rest, deadLetterTopic }, existing).filter((topic) => topic !== retryTopic);
}

/** Pure: the topics that a look tells of: those that are read by name, that of the dead letters, and existing ones that match a pattern. */
export function topicsRead(subscription: Subscription, existing: readonly string[]): string[] {
  return [...new Set([...subscription.topics, ...topicsOfChanges(subscription, existing)])];
}

/** Whether the stack's consumer is the project's, another image, or none. */
export function consumerKindOf(containers: ContainerLook[]): ConsumerKind {
  return (containerOf(containers, "connect").labels[CONSUMER_LABEL] as ConsumerKind | undefined) ?? "handler";
}

/** The first container of the service that can be asked, else the first. */
export function containerOf(containers: ContainerLook[], service: Service): ContainerLook {
  const all = containers.filter((each) => each.service === service);
  return all.find(isThere) ?? all[0]!;
}

/** The broker's address on this machine, and how to log in. */
export function brokerOf({ kafka, ports }: ContainerLook): KafkaAddress {
  return kafka ?? `127.0.0.1:${ports["29092"]}`;
}

/** Kafka Connect's address on this machine, and how to log in. */
export function connectOf({ connect, ports }: ContainerLook): ConnectAccess {
  return connect ?? { url: urlOf(ports["8083"]) };
}

/** The address of an HTTP port on this machine. */
export function urlOf(port: number | undefined): string {
  return `http://127.0.0.1:${port}`;
}

/** Asks a service, unless its container does not run: then nothing would answer. */
async function askRunning<T>(
  containers: ContainerLook[],
  service: Service,
  question: (container: ContainerLook) => Promise<T>,
): Promise<Answer<T>> {
  const container = containerOf(containers, service);
  if (!isThere(container)) return unasked(`its container is ${container.state}`);
  return ask(DEADLINE_MS, () => question(container));
}

function blind(
  reason: string,
): Pick<StackLook, "database" | "connectors" | "broker" | "consumer" | "furtherConsumers"> {
  return {
    database: unasked(reason),
    connectors: unasked(reason),
    broker: unasked(reason),
    consumer: unasked(reason),
    furtherConsumers: [],
  };
}
