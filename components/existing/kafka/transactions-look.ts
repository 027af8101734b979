/** Whether a Kafka that somebody else runs can have transactions, which it keeps in a topic of its own. */
import { type Admin, ConfigResourceTypes } from "kafkajs";
import { TRANSACTION_LOG } from "../../names/kafkas-topics";
import type { KafkaFacts } from "./kafka-look";
import { causeOf } from "./kafka-trouble";

const COPIES = "transaction.state.log.replication.factor";
const LEAST = "transaction.state.log.min.isr";
const LEAST_OF_TOPIC = "min.insync.replicas";

/** That topic, as it is, or as the brokers would make it. */
export interface TransactionLog {
  /** Whether the topic exists: Kafka makes it with the first transaction. */
  made: boolean;
  copies: number;
  /** Copies that have to have a record before it counts as written. */
  least: number;
}

/** Why there can be no transactions, with the remedy; undefined when there can, or when the brokers do not say. */
export async function noTransactions(admin: Admin, facts: KafkaFacts): Promise<string | undefined> {
  const log = await transactionLog(admin, facts).catch((error: unknown) => {
    // Without the right to read the brokers' settings, the connector's task reports it later.
    if (/AUTHORIZATION/.test(causeOf(error).type ?? "")) return undefined;
    throw error;
  });
  return log && whyNone(log, facts.brokers);
}

/** Pure. */
export function whyNone({ made, copies, least }: TransactionLog, brokers: number): string | undefined {
  const there = `${brokers} broker${brokers === 1 ? "" : "s"}`;
  if (!made && copies > brokers)
    return `it keeps them in ${copies} copies (${COPIES}), and has ${there}. Whoever runs it can set that to ${brokers}; otherwise set cdc:exactlyOnce to false.`;
  if (least <= copies) return undefined;
  const [key, where] = made ? [LEAST_OF_TOPIC, ` of the topic ${TRANSACTION_LOG}`] : [LEAST, ""];
  return (
    `of the ${copies} cop${copies === 1 ? "y" : "ies"} that it keeps of them ${least} have to be written (${key}${where}), so that none ever is. ` +
    `Whoever runs it can set that to ${Math.max(1, copies - 1)}; otherwise set cdc:exactlyOnce to false.`
  );
}

async function transactionLog(admin: Admin, { topics }: KafkaFacts): Promise<TransactionLog | undefined> {
  const shape = topics.get(TRANSACTION_LOG);
  if (shape !== undefined) {
    const settings = await settingsOf(admin, ConfigResourceTypes.TOPIC, TRANSACTION_LOG, [LEAST_OF_TOPIC]);
    return { made: true, copies: shape.replicas, least: Number(settings.get(LEAST_OF_TOPIC) ?? 1) };
  }
  const { controller, brokers } = await admin.describeCluster();
  const broker = String(controller ?? brokers[0]!.nodeId);
  const settings = await settingsOf(admin, ConfigResourceTypes.BROKER, broker, [COPIES, LEAST]);
  // Some systems that speak Kafka's protocol have no such settings.
  if (!settings.has(COPIES)) return undefined;
  return { made: false, copies: Number(settings.get(COPIES)), least: Number(settings.get(LEAST) ?? 1) };
}

async function settingsOf(
  admin: Admin,
  type: ConfigResourceTypes,
  name: string,
  configNames: string[],
): Promise<ReadonlyMap<string, string>> {
  const { resources } = await admin.describeConfigs({
    resources: [{ type, name, configNames }],
    includeSynonyms: false,
  });
  return new Map((resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]));
}
