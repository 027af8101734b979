/** `cdc:connectSecrets`: files for connectors beside the stack's own, by the names by which their configs refer to them. */
import { secretFileName } from "../connector/secrets/secrets";
import { configObject, isScalar, noScalar } from "./config-object";

/** Files of the stack's own connector, and of the workers' access to an existing Kafka. */
const OWN = /^(database|kafka)-/;

/**
 * Pure.
 *
 * @param text JSON object of names and values
 * @param isSecret whether any of it was set with --secret
 * @returns the values by name, and a sentence without its subject for each thing that is wrong
 */
export function parseConnectSecrets(
  text: string,
  isSecret: boolean,
): { secrets: Record<string, string>; problems: string[] } {
  const values = configObject(text);
  if (!values)
    return { secrets: {}, problems: [" has a value that is not shown; allowed: an object of names and values."] };
  const entries = Object.entries(values);
  if (!isSecret && entries.length > 0)
    return {
      secrets: {},
      problems: [" is set as plain text; set it with `pulumi config set --secret --path 'connectSecrets.NAME'`."],
    };
  const problems = entries.filter(([, value]) => !isScalar(value)).map(([name, value]) => noScalar(name, value, true));
  const good = entries.filter(([, value]) => isScalar(value)).map(([name, value]) => [name, String(value)] as const);
  return { secrets: Object.fromEntries(good), problems };
}

/**
 * Pure: a sentence without its subject for each name that no file can have, and for each empty value, of which the plugin makes no file.
 *
 * @param secrets name to value; one that is known later only is taken for one that is not empty
 * @param connectorSecrets the own connector's, whose files are in the same folder
 */
export function connectSecretProblems(
  secrets: Readonly<Record<string, unknown>>,
  connectorSecrets: Readonly<Record<string, unknown>>,
): string[] {
  const taken = new Set(Object.keys(connectorSecrets).map(secretFileName));
  return Object.entries(secrets).flatMap(([name, value]) => {
    if (!/^[\w-]{1,200}$/.test(name)) return [`["${name}"] is no name of a file; allowed: letters, digits, - and _.`];
    if (OWN.test(name) || taken.has(name))
      return [`["${name}"] is the name of a file of the stack's own; choose another one.`];
    return value === "" ? [`["${name}"] is empty: no file can be made of it. Leave it out.`] : [];
  });
}
