/** Secrets of a connector on a worker that somebody else runs, which has no files of the stack. */
import type { ConfigValue } from "../../connector";

const PASSWORD = "database.password";

/** Pure: keys whose secrets would be in the connector's config. A reference that the user gives takes a secret's place. */
export function secretsOf(config: Readonly<Record<string, ConfigValue>>, secrets: Readonly<Record<string, string>>) {
  return [PASSWORD, ...Object.keys(secrets)].filter((key) => !(key in config));
}

/** The arguments of a pipeline that decide it. */
interface Asked {
  connectorConfig: Readonly<Record<string, ConfigValue>>;
  connectorSecrets: Readonly<Record<string, string>>;
  connectPlainSecrets?: boolean;
  existingDatabase?: unknown;
  capturePassword?: unknown;
}

/** Pure: why the secrets cannot reach the cluster as they are set, a sentence each. */
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
