import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "../../preflight/applied";
import { declaredTopics } from "../../costs/declared-topics";
import type { Settings } from "../../settings/settings";
import type { KafkaAccess, KafkaSecurity } from "./kafka-access";
import type { KafkaFacts } from "./kafka-look";
import { groupPrefixOf, groupsOf } from "./group-names";
import { readKafkaSecurity } from "./kafka-setting";

/** What a pipeline needs to know about a Kafka that somebody else runs. */
export interface FoundKafka {
  security: KafkaSecurity;
  clusterId: string;
  /** Copies of each topic that the stack makes there. */
  replicationFactor: number;
}

type Asked = Pick<
  Settings,
  | "existingKafka"
  | "existingConnect"
  | "prefix"
  | "brokers"
  | "tables"
  | "topicPrefix"
  | "replicationFactor"
  | "minInsyncReplicas"
  | "partitions"
  | "exactlyOnce"
>;

/**
 * Whether the Kafka of `cdc:bootstrapServers` can serve the stack.
 *
 * @param further topics beside those of the tables
 * @param hasConsumer whether the stack has a consumer
 * @returns facts about it, with the topics that it has and the stack's state does not have
 * @throws pulumi.RunError with one sentence, before anything is made
 */
export async function findKafka(
  settings: Asked,
  applied: AppliedStack,
  further: readonly string[],
  hasConsumer: boolean,
): Promise<{ address: KafkaAccess; kafka: FoundKafka; existing: ReadonlySet<string> } | undefined> {
  const { existingKafka, replicationFactor = 0, minInsyncReplicas = 0, partitions = 1 } = settings;
  if (existingKafka === undefined) return undefined;
  try {
    // Loaded only when there is such a Kafka: most runs do not need this module.
    const { copiesOf, lookAtKafka } = await import("./kafka-look");
    const security = readKafkaSecurity(existingKafka.security, process.cwd());
    const { names } = declaredTopics(settings);
    const config: Record<string, string> =
      minInsyncReplicas > 0 ? { "min.insync.replicas": String(minInsyncReplicas) } : {};
    const shape = (name: string): number => (isOfTable(name, names, settings) ? partitions : 1);
    const wanted = [...names, ...further];
    const address = { servers: existingKafka.servers, ...security };
    const facts = await lookAtKafka(address, {
      topics: wanted.map((name) => ({ name, partitions: shape(name), config })),
      replicationFactor,
      groups: groupsOf(settings, hasConsumer),
      groupPrefix: groupPrefixOf(settings),
      transactions: settings.exactlyOnce,
    });
    const copies = copiesOf({ replicationFactor }, facts.brokers);
    if (minInsyncReplicas > copies)
      throw new Error(
        `cdc:minInsyncReplicas is ${minInsyncReplicas}, more than the ${copies} there can be of each record: none could be written.`,
      );
    const known = applied.topics.map(({ name }) => name);
    const existing = new Set([...facts.topics.keys()].filter((name) => !known.includes(name)));
    tell(
      wanted.filter((name) => existing.has(name)),
      facts,
    );
    return { address, kafka: { security, clusterId: facts.clusterId, replicationFactor: copies }, existing };
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}

function isOfTable(name: string, names: readonly string[], { topicPrefix }: Pick<Settings, "topicPrefix">): boolean {
  return names.includes(name) && name.slice(topicPrefix.length + 1).includes(".");
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
