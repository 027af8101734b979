/** Topics of captured tables that were deleted in Kafka. Their records are gone, and a new topic would hold later changes only. */
import type { AppliedStack } from "./applied";
import { knowsItsTopics } from "../names/kafkas-topics";
import { topicOf } from "../names/topic-names";
import { serversOf } from "../existing/kafka/kafka-access";
import { presentTopics } from "../cluster/brokers/broker-topics";

/** @returns a sentence; empty where none is gone, or the stack's own broker does not answer */
export async function goneTopics({ bootstrapServers, connector, capture }: AppliedStack): Promise<string> {
  const servers = bootstrapServers === undefined ? "" : serversOf(bootstrapServers);
  // Somebody else's broker may ask for a login, and is not asked here. The consumer sees which topics are missing there.
  if (connector === undefined || capture === undefined || !servers.startsWith("127.0.0.1:")) return "";
  const topics = capture.captured.map((table) => topicOf(connector.topicPrefix, table));
  const text = goneText(topics, await presentTopics(servers));
  // With the time the sentence is another one when the topic is deleted once more.
  return text === "" ? "" : `${text} (seen at ${new Date().toISOString()})`;
}

/** Pure. @param there all topics that the broker has */
export function goneText(topics: readonly string[], there: readonly string[]): string {
  const gone = knowsItsTopics(there) ? topics.filter((topic) => !there.includes(topic)) : [];
  if (gone.length === 0) return "";
  const [what, is, whose] = gone.length === 1 ? ["topic", "was", "its"] : ["topics", "were", "their"];
  return `${what} ${gone.join(", ")} ${is} deleted in Kafka: ${whose} records are gone`;
}
