/** `cdc:connectorConfig`: the user's own keys for Debezium, as Pulumi's configuration gives them. */
import type { ConfigValue } from "../connector";
import { refusedOverride } from "./client-overrides";
import { followedRefusal } from "./followed-keys";
import { configObject, isObject, isScalar, noScalar, plainSecret } from "./config-object";
import { isReadKey } from "./read-keys";

export interface ConnectorConfig {
  /** Key to value, as Kafka Connect has them. */
  config: Record<string, ConfigValue>;
  /** Secrets by key, which only the worker may read. Each becomes a file, to which the config refers. */
  secrets: Record<string, string>;
}

/** A reference to a secret, in place of the secret. */
const REFERENCE = /^\$\{[^}]+\}$/;

/**
 * Pure.
 *
 * @param text JSON; nested objects are dotted keys that were set without brackets, as in
 *   `pulumi config set --path connectorConfig.max.batch.size 4096`, and lists are Connect's, separated by commas
 * @param isSecret whether any of it was set with --secret: which part is not handed over, so all of it counts as secret but for what cannot be
 * @returns the config, and a sentence without its subject for each thing that is wrong
 */
export function parseConnectorConfig(text: string, isSecret: boolean): ConnectorConfig & { problems: string[] } {
  const problems: string[] = [];
  // Kept as entries: a key such as __proto__ would change an object and not be a key of it.
  const config: [string, ConfigValue][] = [];
  const secrets: [string, string][] = [];
  const put = (key: string, value: unknown): void => {
    if (isObject(value)) return Object.entries(value).forEach(([part, below]) => put(`${key}.${part}`, below));
    const plain = Array.isArray(value) && !value.some((each) => typeof each === "object") ? value.join(",") : value;
    if (!isScalar(plain)) return void problems.push(noScalar(key, value, isSecret));
    const refused = refusedOverride(key);
    if (refused !== undefined) return void problems.push(refused);
    // A key from which the program derives something cannot be a reference, and an empty value is no secret.
    const hides = isSecret && !isReadKey(key) && plain !== "";
    if (hides && !REFERENCE.test(String(plain))) return void secrets.push([key, String(plain)]);
    // Its way in is a setting, and not this key as a secret.
    if (key === "database.password" && !isSecret && !REFERENCE.test(String(plain)))
      return void problems.push(followedRefusal(key));
    const misplaced = isSecret || REFERENCE.test(String(plain)) ? undefined : plainSecret("connectorConfig", key);
    if (misplaced === undefined) config.push([key, plain]);
    else problems.push(misplaced);
  };
  const value = configObject(text);
  if (value) Object.entries(value).forEach(([key, below]) => put(key, below));
  else problems.push(` is ${JSON.stringify(text)}; allowed: an object of Debezium keys and values.`);
  return { config: Object.fromEntries(config), secrets: Object.fromEntries(secrets), problems };
}
