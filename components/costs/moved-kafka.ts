import type { AppliedStack } from "../preflight/applied";
import { isInKafka, workingKafka } from "../preflight/applied-kafka";
import type { KafkaAddress } from "../existing/kafka/kafka-access";
import { serversOf } from "../existing/kafka/kafka-access";
import { groupOf, OWN_KAFKA, sharedGroup } from "../existing/kafka/group-names";
import type { Settings } from "../settings/settings";
import { brokersTopics, losesBrokers } from "./brokers-contents";
import { type Cost, type CostSettings, type DataAtStake, readAgain, unread } from "./costs";

type KafkaSettings = Pick<Settings, "prefix" | "existingKafka">;

/** A Kafka that the settings name in another one's place, which is somebody else's and stays. */
export interface MovedKafka {
  /** The former one, by its addresses and its id. */
  from: string;
  to: string;
  /** How to ask the former one. */
  former?: KafkaAddress;
}

/**
 * Pure: whether the settings name another Kafka than the existing one that was used before. Its id decides: the same cluster under other
 * addresses is none. That the stack's own goes is told elsewhere. After an `up` that failed on the way, the connector still is where it was.
 *
 * @param clusterId of the Kafka of the settings; undefined: the stack's own
 */
export function movedKafka(
  applied: AppliedStack,
  settings: KafkaSettings,
  clusterId: string | undefined,
): MovedKafka | undefined {
  const { connector } = applied;
  const id = workingKafka(applied);
  if (connector === undefined || id === undefined || isInKafka(applied, clusterId)) return undefined;
  if (id === OWN_KAFKA || losesBrokers(applied, settings)) return undefined;
  const { kafka: former } = connector;
  return {
    from: former === undefined ? `the cluster ${id}` : `${serversOf(former)} (cluster ${id})`,
    to: settings.existingKafka ? `${settings.existingKafka.servers} (cluster ${clusterId})` : "the stack's own",
    ...(former !== undefined && { former }),
  };
}

/** Pure: the consumer's group in the Kafka of the last `up`. In one that others use too it has another name than in the stack's own. */
export function formerGroup(applied: AppliedStack, settings: KafkaSettings): string {
  const id = workingKafka(applied);
  if (id === undefined) return applied.brokers > 0 ? groupOf({ prefix: settings.prefix }) : groupOf(settings);
  return id === OWN_KAFKA ? groupOf({ prefix: settings.prefix }) : sharedGroup(settings.prefix);
}

/** Pure: what another Kafka costs. What was in the former one stays there, or goes with its topics. */
export function movedKafkaCost(
  applied: AppliedStack,
  settings: CostSettings,
  { from, to }: MovedKafka,
  seen: DataAtStake,
): Cost {
  const { connector, keepsTopics, topics } = applied;
  const isRead = settings.snapshotMode !== "no_data";
  const slot = `Slot ${connector!.slotName}`;
  const text =
    `cdc:bootstrapServers ${from} -> ${to}: another Kafka, which has none of the topics' records, of Kafka Connect's offsets and of the ` +
    `consumer's position. ${isRead ? `The connector begins anew: ${slot.toLowerCase()} is dropped ${unread(seen.unreadLog)}.` : `The connector goes on with what ${slot.toLowerCase()} holds.`} ` +
    readAgain(settings);
  if (topics.length === 0) return { text, loses: true };
  const fate = keepsTopics
    ? "What the stack has made in the former one stays there, and the stack does not read it any more:"
    : "What the stack has made in the former one is deleted there:";
  return {
    text: [`${text} ${fate}`, ...brokersTopics(applied, settings, seen).map((line) => `  ${line}`)].join("\n"),
    loses: true,
  };
}
