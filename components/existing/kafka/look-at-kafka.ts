import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack, AppliedTopic } from "../../preflight/applied";
import { topicsIn } from "../../preflight/applied-kafka";
import { recordBytes } from "../../connector/config/record-size";
import { connectorTopics, declaredTopics } from "../../costs/declared-topics";
import { topicsBeside } from "../../names/topic-names";
import type { Settings } from "../../settings/settings";
import type { KafkaAccess, KafkaSecurity } from "./kafka-access";
import type { KafkaFacts, KafkaWishes } from "./kafka-look";
import { besideConfig, keptConfig, stateConfig, tableConfig } from "../../topic-config";
import { groupPrefixOf, groupsOf, workerTopics } from "./group-names";
import { readKafkaSecurity } from "./kafka-setting";

/** What a pipeline needs to know about a Kafka that somebody else runs. */
export interface FoundKafka {
  security: KafkaSecurity;
  clusterId: string;
  /** Copies of each topic that the stack makes there. */
  replicationFactor: number;
}

/** The Kafka, with the topics in it. */
export interface FoundTopics {
  address: KafkaAccess;
  kafka: FoundKafka;
  /** The state's topics that the stack has there. */
  known: AppliedTopic[];
  /** Topics that it has and the stack's state does not have there. */
  existing: ReadonlySet<string>;
}

type Asked = WantedSettings & Pick<Settings, "replicationFactor">;

/** Settings that decide which topics the stack makes in such a Kafka, and with which config. */
export type WantedSettings = Pick<
  Settings,
  | "existingKafka"
  | "existingConnect"
  | "prefix"
  | "brokers"
  | "tables"
  | "topicPrefix"
  | "captureName"
  | "minInsyncReplicas"
  | "partitions"
  | "exactlyOnce"
  | "maxRecordMb"
  | "retentionMs"
  | "cleanupPolicy"
>;

/**
 * Whether the Kafka of `cdc:bootstrapServers` can serve the stack.
 *
 * @param hasConsumer whether the stack has a consumer
 * @returns facts about it; none for the stack's own
 * @throws pulumi.RunError with one sentence, before anything is made
 */
export async function findKafka(
  settings: Asked,
  applied: AppliedStack,
  hasConsumer: boolean,
): Promise<FoundTopics | undefined> {
  const { existingKafka, replicationFactor = 0, minInsyncReplicas = 0 } = settings;
  if (existingKafka === undefined) return undefined;
  try {
    // Loaded only when there is such a Kafka: most runs do not need this module.
    const { lookAtKafka } = await import("./kafka-look");
    const security = readKafkaSecurity(existingKafka.security, process.cwd());
    const wanted = wantedTopics(settings);
    const address = { servers: existingKafka.servers, ...security };
    const facts = await lookAtKafka(address, {
      topics: wanted,
      replicationFactor,
      madeCopies: (clusterId, present) =>
        Math.max(0, ...topicsIn(applied, clusterId, present).map(({ copies = 1 }) => copies)),
      groups: groupsOf(settings, hasConsumer),
      groupPrefix: groupPrefixOf(settings),
      transactions: settings.exactlyOnce,
    });
    const { copies, clusterId } = facts;
    if (minInsyncReplicas > copies)
      throw new Error(
        `cdc:minInsyncReplicas is ${minInsyncReplicas}, more than the ${copies} there can be of each record: none could be written.`,
      );
    const known = topicsIn(applied, clusterId, facts.topics);
    const names = new Set(known.map(({ name }) => name));
    const existing = new Set([...facts.topics.keys()].filter((name) => !names.has(name)));
    tell(
      wanted.map(({ name }) => name).filter((name) => existing.has(name)),
      facts,
    );
    return { address, kafka: { security, clusterId, replicationFactor: copies }, known, existing };
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}

/** Pure: the topics that the stack makes in such a Kafka, as they will be made. Those of a `schema.*` are known only once the database is asked. */
export function wantedTopics(settings: WantedSettings): KafkaWishes["topics"] {
  const { topicPrefix, partitions = 1 } = settings;
  const args = { ...settings, maxRecordBytes: recordBytes(settings.maxRecordMb) };
  const { messageTopic, deadLetterTopic, retryTopic } = topicsBeside(topicPrefix);
  const beside = [messageTopic, deadLetterTopic, retryTopic];
  const ofTables = declaredTopics(settings).names.filter((name) => !beside.includes(name));
  const one = (config: Record<string, string>) => (name: string) => ({ name, partitions: 1, config });
  return [
    ...ofTables.map((name) => ({ name, partitions, config: tableConfig(args) })),
    ...[messageTopic].map(one(besideConfig(args))),
    ...[deadLetterTopic, retryTopic].map(one(keptConfig(args))),
    ...connectorTopics(settings).map(one(besideConfig(args))),
    ...Object.entries(workerTopics(settings)).map(([name, state]) => ({
      ...{ name, partitions: state.partitions },
      config: stateConfig(args, state.config),
    })),
  ];
}

/** Says which topics somebody else has made: they are neither changed nor deleted, so the stack's settings do not apply to them. */
function tell(names: readonly string[], { topics }: KafkaFacts): void {
  if (names.length === 0) return;
  const shown = names.map((name) => {
    const { partitions, replicas } = topics.get(name)!;
    return `${name} (partitions: ${partitions}, copies: ${replicas})`;
  });
  void pulumi.log.info(
    `In Kafka already, and not the stack's: ${shown.join(", ")}. They are used as they are, and stay when the stack goes.`,
  );
}
