/** Words that a connector needs and nobody else may read, where the worker is somebody else's: there is no file of ours. */
import type { ConfigValue } from "../../connector";

const PASSWORD = "database.password";

/** Pure: keys whose words would stand in the connector's config; a reference of the user's own takes a word's place. */
export function secretsOf(config: Readonly<Record<string, ConfigValue>>, secrets: Readonly<Record<string, string>>) {
  return [PASSWORD, ...Object.keys(secrets)].filter((key) => !(key in config));
}

/** What decides it: a pipeline's arguments. */
interface Asked {
  connectorConfig: Readonly<Record<string, ConfigValue>>;
  connectorSecrets: Readonly<Record<string, string>>;
  connectPlainSecrets?: boolean;
  existingDatabase?: unknown;
  capturePassword?: unknown;
}

/** Pure: why the words cannot reach the cluster as they are set; a sentence each. */
export function secretProblems(asked: Asked): string[] {
  const { connectorConfig, connectorSecrets, connectPlainSecrets, existingDatabase, capturePassword } = asked;
  const keys = secretsOf(connectorConfig, connectorSecrets);
  if (keys.length > 0 && !connectPlainSecrets)
    return [
      `cdc:connectUrl names a cluster that has no files of this stack's, and the connector needs ${keys.join(", ")}. Either name what ` +
        "a config provider of that cluster reads, as in `pulumi config set --plaintext --path 'connectorConfig[\"database.password\"]' " +
        "'${vault:cdc:password}'`, or have the words in the connector's config, where whoever may use its REST API reads " +
        "them: `pulumi config set connectPlainSecrets true`.",
    ];
  if (!(PASSWORD in connectorConfig) || capturePassword !== undefined) return [];
  const way = existingDatabase
    ? "set the same one with `pulumi config set --secret capturePassword`, so that the role has it."
    : "the role of the stack's own database has a random one. Take it away, and `pulumi config set connectPlainSecrets true`.";
  return [`cdc:connectorConfig["${PASSWORD}"] refers to a word that this stack does not know: ${way}`];
}
