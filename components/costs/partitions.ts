import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack, AppliedTopic } from "../preflight/applied";
import { topicsIn } from "../preflight/applied-kafka";
import type { Settings } from "../settings/settings";
import { topicOf } from "../names/topic-names";

type Asked = Pick<Settings, "partitions" | "topicPrefix">;

/**
 * Refuses fewer partitions. Kafka cannot remove partitions from a topic, so it would have to be replaced, and its records would be gone. With
 * more partitions a topic stays, but later records of a key may be in another partition than earlier ones, without an order between them.
 *
 * @param topics that the stack has in the Kafka of the settings. In another one than that of the state, they are made anew.
 * @throws pulumi.RunError where there would be fewer
 */
export function refuseFewerPartitions(
  applied: AppliedStack,
  settings: Asked,
  topics: readonly AppliedTopic[] = topicsIn(applied),
): void {
  const { fewer, more } = changedPartitions({ ...applied, topics: [...topics] }, settings);
  if (fewer.length > 0)
    throw new pulumi.RunError(
      `cdc:partitions is ${settings.partitions}, but ${fewer.join(", ")}: Kafka takes none away. ` +
        "Set it back, or begin with empty topics under another cdc:topicPrefix.",
    );
  if (more.length > 0)
    void pulumi.log.warn(
      `${more.join(", ")}, and get ${settings.partitions}: a key's records from now on may lie in another partition than those from before, ` +
        "so let the consumer finish with those first (`npm run status`).",
    );
}

/** Pure: tables' topics of the state whose number of partitions is another than declared, each as a part of a sentence. */
export function changedPartitions(
  { topics, capture }: AppliedStack,
  { partitions = 1, topicPrefix }: Asked,
): { fewer: string[]; more: string[] } {
  const ofTables = (capture?.captured ?? []).map((table) => topicOf(topicPrefix, table));
  const declared = topics.filter(({ name }) => ofTables.includes(name));
  const shown = (found: typeof declared): string[] =>
    found.map((topic) => `${topic.name} has ${topic.partitions} partition${topic.partitions === 1 ? "" : "s"}`);
  return {
    fewer: shown(declared.filter((topic) => topic.partitions > partitions)),
    more: shown(declared.filter((topic) => topic.partitions < partitions)),
  };
}
