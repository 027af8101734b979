/** `cdc:connectorConfig`: Debezium keys of the user's own, as Pulumi's configuration hands them over. */
import type { ConfigValue } from "./connector";
import { isSecretName } from "./secret-names";

export interface ConnectorConfig {
  /** Key to value, as Kafka Connect has them. */
  config: Record<string, ConfigValue>;
  /** Key to word: what only the worker may read. They go by file, and the config refers to it. */
  secrets: Record<string, string>;
}

/** A word that is not there itself, but by reference. */
const REFERENCE = /^\$\{[^}]+\}$/;

/**
 * Pure.
 *
 * @param text JSON; nested objects are dotted keys that were set without brackets, as in
 *   `pulumi config set --path connectorConfig.max.batch.size 4096`, and lists are Connect's, separated by commas
 * @param isSecret whether any of it was set with --secret: which part is not handed over, so none of it is shown
 * @returns the config, and a sentence without its subject for each thing that is wrong
 */
export function parseConnectorConfig(text: string, isSecret: boolean): ConnectorConfig & { problems: string[] } {
  const problems: string[] = [];
  const config: Record<string, ConfigValue> = {};
  const secrets: Record<string, string> = {};
  const put = (key: string, value: unknown): void => {
    if (isObject(value)) return Object.entries(value).forEach(([part, below]) => put(`${key}.${part}`, below));
    const plain = Array.isArray(value) && !value.some((each) => typeof each === "object") ? value.join(",") : value;
    if (typeof plain !== "string" && typeof plain !== "number" && typeof plain !== "boolean") {
      problems.push(`["${key}"] is ${JSON.stringify(value)}; allowed: a text, a number, true or false.`);
    } else if (REFERENCE.test(String(plain))) config[key] = plain;
    else if (isSecret) secrets[key] = String(plain);
    else if (isSecretName(key)) {
      problems.push(
        `["${key}"] is set as plain text; set it with \`pulumi config set --secret --path 'connectorConfig["${key}"]'\`.`,
      );
    } else config[key] = plain;
  };
  const value = parsed(text);
  if (isObject(value)) Object.entries(value).forEach(([key, below]) => put(key, below));
  else problems.push(` is ${JSON.stringify(text)}; allowed: an object of Debezium keys and values.`);
  return { config, secrets, problems };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
