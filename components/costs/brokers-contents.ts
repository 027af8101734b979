import type { AppliedStack } from "../preflight/applied";
import type { Settings } from "../settings/settings";
import { contents, type Cost, type CostSettings, type DataAtStake, readAgain } from "./costs";

type BrokersSettings = Pick<Settings, "prefix" | "existingKafka">;

/** Pure: whether these settings delete the volumes of the stack's own brokers, since somebody else's Kafka takes their place. */
export function losesBrokers({ brokerVolumes }: AppliedStack, { prefix, existingKafka }: BrokersSettings): boolean {
  return existingKafka !== undefined && brokerVolumes.has(`${prefix}-kafka-data`);
}

/** Pure: what it costs that the stack's own brokers go. */
export function brokersCost(applied: AppliedStack, settings: CostSettings & BrokersSettings, seen: DataAtStake): Cost {
  const text =
    "cdc:bootstrapServers: another Kafka takes the place of the stack's own. The volumes of its brokers are deleted " +
    `(${[...applied.brokerVolumes.keys()].join(", ")}), and with them what they hold:`;
  const lines = [...brokersTopics(applied, settings, seen), "- Kafka Connect's offsets and the consumer's position"];
  return { text: [text, ...lines.map((line) => `  ${line}`), `  ${readAgain(settings)}`].join("\n"), loses: true };
}

/** Pure: the topics that go with the stack's own brokers, a line each. */
export function brokersTopics(applied: AppliedStack, { consumer }: CostSettings, { topics }: DataAtStake): string[] {
  return applied.topics.map(({ name }) => {
    const count = topics && (topics.get(name) ?? { records: 0, unread: 0 });
    return `- topic ${name}, with ${contents(count, consumer !== "none")}`;
  });
}
