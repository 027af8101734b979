/** Settings that are objects: `pulumi config set --path 'connectorConfig["a.b"]' …`. */
import { isSecretName } from "./secret-names";

/** Pure: the object that Pulumi's configuration gives as JSON; undefined for anything else. A number that JavaScript would alter is its text. */
export function configObject(text: string): Record<string, unknown> | undefined {
  try {
    JSON.parse(text);
    const value: unknown = JSON.parse(text.replace(TEXT_OR_NUMBER, exact));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

function exact(part: string): string {
  if (part.startsWith('"') || String(Number(part)) === part) return part;
  const isWhole = /^-?\d+$/.test(part) && BigInt.asIntN(64, BigInt(part)) === BigInt(part);
  return isWhole || !isRounded(Number(part)) ? `"${part}"` : part;
}

/** From here on the CLI itself has rounded a number that stands in the file. (Texts of 64 bits were told apart before.) */
const MOST = 2 ** 63;

function isRounded(value: unknown): boolean {
  return typeof value === "number" && !(Math.abs(value) < MOST);
}

/** What the CLI makes of a day or a time that stands in the file without quotes. */
const GO_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} (UTC|[+-]\d{4})$/;

function isGoTime(value: unknown): boolean {
  return typeof value === "string" && GO_TIME.test(value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is a text, a number or a truth as it was set. */
export function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value) && !isRounded(value) && !isGoTime(value);
}

/** A sentence without its subject that says what a part of the object may be. @param isSecret whether the value may not be shown */
export function noScalar(key: string, value: unknown, isSecret: boolean): string {
  const shown = isSecret ? "not shown" : JSON.stringify(value);
  const other = isRounded(value) ? "a number of this size rounded" : isGoTime(value) ? "a day or a time rewritten" : "";
  if (other !== "")
    return `["${key}"] is ${shown}: Pulumi reads ${other}. Put it into quotes, so that it stays a text.`;
  return `["${key}"] is ${shown}; allowed: a text, a number, true or false.`;
}

/** A sentence without its subject for a secret that was not set with --secret; undefined when the key's name is not that of a secret. */
export function plainSecret(setting: string, key: string): string | undefined {
  if (!isSecretName(key)) return undefined;
  return `["${key}"] is set as plain text; set it with \`pulumi config set --secret --path '${setting}["${key}"]'\`.`;
}
