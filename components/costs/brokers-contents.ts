import { workerNames } from "../existing/kafka/group-names";
import type { AppliedStack } from "../preflight/applied";
import type { Settings } from "../settings/settings";
import { contents, countOf, type Cost, type CostSettings, type DataAtStake, readAgain } from "./costs";
import { connectorTopics } from "./declared-topics";

type BrokersSettings = Pick<Settings, "prefix" | "existingKafka">;

/** Pure: whether these settings delete the volumes of the stack's own brokers, since somebody else's Kafka takes their place. */
export function losesBrokers({ brokerVolumes }: AppliedStack, { prefix, existingKafka }: BrokersSettings): boolean {
  return existingKafka !== undefined && brokerVolumes.has(`${prefix}-kafka-data`);
}

/**
 * Pure: the topics that go with the stack's own brokers, of those that they have. The state has not all of them: not those that a transform or another
 * connector writes, nor those of a table that was taken out. Kafka's own and those for the connector's upkeep are told in other words.
 */
export function topicsOnBrokers({ topics, connector, capture }: AppliedStack, present: readonly string[]): string[] {
  const known = topics.map(({ name }) => name);
  const { config, offset, status } = workerNames();
  const captureName = capture?.captureName ?? "";
  const upkeep = [config, offset, status, ...(connector ? connectorTopics({ ...connector, captureName }) : [])];
  const further = present.filter((name) => !name.startsWith("__") && !upkeep.includes(name) && !known.includes(name));
  return [...known, ...further.sort()];
}

/** Pure: what it costs that the stack's own brokers go. */
export function brokersCost(applied: AppliedStack, settings: CostSettings & BrokersSettings, seen: DataAtStake): Cost {
  const text =
    "cdc:bootstrapServers: another Kafka takes the place of the stack's own. The volumes of its brokers are deleted " +
    `(${[...applied.brokerVolumes.keys()].join(", ")}), and with them what they hold:`;
  const lines = [...brokersContents(applied, settings, seen), "- Kafka Connect's offsets and the consumer's position"];
  return { text: [text, ...lines.map((line) => `  ${line}`), `  ${readAgain(settings)}`].join("\n"), loses: true };
}

/** Pure: what goes with the stack's own brokers, a line each. */
export function brokersContents(applied: AppliedStack, settings: CostSettings, seen: DataAtStake): string[] {
  const { connectors = [] } = seen;
  return [
    ...brokersTopics(applied, settings, seen),
    ...(seen.topics === undefined ? ["- each further topic that there may be (which could not be asked)"] : []),
    ...(connectors === "unknown"
      ? ["- each connector beside the pipeline's in Kafka Connect (which could not be asked)"]
      : connectors.map(
          (name) => `- connector ${name} in Kafka Connect, with its config and offsets: who declares it makes it again`,
        )),
  ];
}

/** Pure: the topics of the state, and others that were looked at, a line each. */
export function brokersTopics(applied: AppliedStack, { consumer }: CostSettings, { topics }: DataAtStake): string[] {
  const known = applied.topics.map(({ name }) => name);
  const names = new Set([...known, ...(topics?.keys() ?? [])]);
  return [...names].map((name) => `- topic ${name}, with ${contents(countOf(topics, name), consumer !== "none")}`);
}
