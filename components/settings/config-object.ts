/** Settings that are objects: `pulumi config set --path 'connectorConfig["a.b"]' …`. */
import { isSecretName } from "./secret-names";

/** Pure: the object that Pulumi's configuration gives as JSON; undefined for anything else. */
export function configObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** A sentence without its subject that says what a part of the object may be. */
export function noScalar(key: string, value: unknown): string {
  return `["${key}"] is ${JSON.stringify(value)}; allowed: a text, a number, true or false.`;
}

/** A sentence without its subject for a secret that was not set with --secret; undefined when the key's name is not that of a secret. */
export function plainSecret(setting: string, key: string): string | undefined {
  if (!isSecretName(key)) return undefined;
  return `["${key}"] is set as plain text; set it with \`pulumi config set --secret --path '${setting}["${key}"]'\`.`;
}
