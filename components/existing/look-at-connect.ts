import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings";
import type { ConnectSecurity } from "./connect-access";
import type { ConnectFacts } from "./connect-look";
import { readConnectSecurity } from "./connect-setting";

/** What a pipeline has to know of a Connect cluster that somebody else runs. */
export interface FoundConnect extends ConnectFacts {
  /** What it asks of those who use it; undefined: nothing. */
  security?: ConnectSecurity;
}

/**
 * Whether the cluster of `cdc:connectUrl` can run the connector; says what is missing there.
 *
 * @param clusterId of the Kafka of `cdc:bootstrapServers`
 * @throws pulumi.RunError with one sentence, before anything is made
 */
export async function findConnect(
  { existingConnect, connectorConfig, connectorSecrets }: Settings,
  clusterId: string,
): Promise<FoundConnect | undefined> {
  if (existingConnect === undefined) return undefined;
  const { url } = existingConnect;
  try {
    // Only where there is one: most runs need not load what asks it.
    const { lookAtConnect, withoutExtensions } = await import("./connect-look");
    const security = readConnectSecurity(existingConnect.security, process.cwd());
    const facts = await lookAtConnect({ url, security }, clusterId);
    const secret = readable([...Object.keys(connectorSecrets), "database.password"], Object.keys(connectorConfig));
    const said = [...(facts.extensions ? [] : withoutExtensions(facts)), ...(secret === undefined ? [] : [secret])];
    if (said.length > 0) void pulumi.log.warn(`Kafka Connect at ${url}:\n${said.join("\n")}`);
    return { ...facts, ...(security && { security }) };
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}

/** The stack's own worker reads such words from files; another one has none of them. */
function readable(secrets: readonly string[], given: readonly string[]): string | undefined {
  const shown = secrets.filter((key) => !given.includes(key));
  if (shown.length === 0) return undefined;
  return (
    `- ${shown.join(", ")}: in the connector's config as itself, so whoever may use this REST API reads it. A reference to the ` +
    "cluster's own config provider, set with cdc:connectorConfig (as in ${vault:cdc:password}), takes its place."
  );
}
