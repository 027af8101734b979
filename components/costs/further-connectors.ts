import type { AppliedStack } from "../preflight/applied";

/** How long Kafka Connect may take to answer, in milliseconds. */
const ASK_MS = 3000;

/** Connectors beside the pipeline's in the Kafka Connect of the last `up`; none before the first. */
export async function furtherConnectors({
  connector,
}: Pick<AppliedStack, "connector">): Promise<readonly string[] | "unknown"> {
  const applied = connector?.applied;
  if (applied === undefined) return [];
  const { once, targetOf } = await import("../connector/rest/rest");
  const target = targetOf(applied, "look at Kafka Connect", Date.now() + ASK_MS);
  const { status, body } = await once(target, "GET", "/connectors").catch(() => ({ status: 0, body: undefined }));
  if (status !== 200 || !Array.isArray(body)) return "unknown";
  return body
    .map(String)
    .filter((name) => name !== applied.connectorName)
    .sort();
}
