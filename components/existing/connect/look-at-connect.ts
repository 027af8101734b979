import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "../../preflight/applied";
import { TAKE_OVER_VARIABLE } from "../../preflight/take-over-way";
import type { Settings } from "../../settings/settings";
import type { ConnectSecurity } from "./connect-access";
import type { ConnectFacts } from "./connect-look";
import { databaseProblems } from "./connect-database";
import { secretProblems, secretsOf } from "./connect-secrets";
import { readConnectSecurity } from "./connect-setting";

/** What a pipeline needs to know about a Connect cluster that somebody else runs. */
export interface FoundConnect extends ConnectFacts {
  /** What it requires of its users; undefined: nothing. */
  security?: ConnectSecurity;
}

/**
 * Whether the cluster of `cdc:connectUrl` can run the connector; says what is missing there.
 *
 * @param clusterId of the Kafka of `cdc:bootstrapServers`
 * @param applied what the last `up` made
 * @throws pulumi.RunError with one sentence, before anything is made
 */
export async function findConnect(
  settings: Settings,
  clusterId: string,
  applied: Pick<AppliedStack, "connector">,
): Promise<FoundConnect | undefined> {
  const { existingConnect, existingDatabase, databaseAddress, connectorConfig, connectorSecrets, exactlyOnce } =
    settings;
  if (existingConnect === undefined) return undefined;
  const unfit = [
    ...secretProblems(settings),
    ...(existingDatabase ? databaseProblems(existingDatabase, databaseAddress, connectorConfig) : []),
  ];
  if (unfit.length > 0) throw new pulumi.RunError(unfit.join("\n"));
  const { url } = existingConnect;
  try {
    // Loaded only when there is such a cluster: most runs do not need this module.
    const { lookAtConnect, whatDiffers } = await import("./connect-look");
    const security = readConnectSecurity(existingConnect.security, process.cwd());
    const facts = await lookAtConnect({ url, security }, clusterId, exactlyOnce);
    const { whyTaken } = await import("./taken-name");
    const taken = await whyTaken({ url, security }, settings, applied.connector);
    if (taken !== undefined && process.env[TAKE_OVER_VARIABLE] !== settings.prefix) throw new Error(taken);
    const said = [...whatDiffers(facts), ...inPlainText(secretsOf(connectorConfig, connectorSecrets))];
    if (said.length > 0) void pulumi.log.warn(`Kafka Connect at ${url}:\n${said.join("\n")}`);
    return { ...facts, ...(security && { security }) };
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}

/** Only with cdc:connectPlainSecrets. */
function inPlainText(keys: string[]): string[] {
  if (keys.length === 0) return [];
  return [
    `- ${keys.join(", ")}: in the connector's config as itself, so whoever may use this REST API reads it, and so does whoever reads ` +
      "its config topic.",
  ];
}
