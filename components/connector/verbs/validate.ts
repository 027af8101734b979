import { didYouMean, nearest } from "../../nearest";
import { hasUnknown } from "../../../program/dynamic/unknown";
import { listed } from "../config/listed";
import { asStrings } from "../connector-diff";
import { explain } from "../rest/root-cause";
import type { ConfigValue, ConnectorInputs } from "../connector-types";

/** A failed check, in Pulumi's shape. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** The part of `/connector-plugins/{class}/config/validate` that is read here. */
export interface Validation {
  configs: {
    definition?: { name: string };
    value: { name: string; value?: string | null; recommended_values?: string[]; errors?: string[] };
  }[];
}

/** Keys of other classes, whose fields Connect's answer does not list. Debezium 3.7 lists 176 of its own. */
const FOREIGN = [
  /^(transforms|predicates|(key|value|header)\.converter|(producer|consumer|admin)\.override|topic\.creation)\./,
  /^topic\.(delimiter|cache\.size|transaction)$/,
  /^(driver|database|signal|notification|openlineage|offset|internal|queue\.provider|post\.processors)\./,
  /^(column|datatype|snapshot\.select\.statement\.overrides|custom\.metric)\./,
  // Of MySQL, Oracle, SQL Server and Db2, and of the sink for JDBC (3.6).
  /^(schema\.history\.internal|hibernate)\./,
];

/** Path of a config key in Pulumi's notation. */
export function configPath(key: string): string {
  return `config["${key}"]`;
}

/** Failures that can be found without Connect. */
export function shapeFailures(inputs: ConnectorInputs): CheckFailure[] {
  const found: CheckFailure[] = [];
  const fail = (property: string, reason: string): number => found.push({ property, reason });
  if (!hasUnknown(inputs.connectUrl) && !/^https?:\/\/[^/\s]+/.test(inputs.connectUrl ?? "")) {
    fail("connectUrl", `"${inputs.connectUrl}" is no address of Kafka Connect: "http://host:port" is.`);
  }
  if (!hasUnknown(inputs.connectorName) && !/^[^\s/|]+$/.test(inputs.connectorName ?? "")) {
    fail(
      "connectorName",
      `"${inputs.connectorName}" is no connector name: letters, digits, "-", "_" and "." are safe.`,
    );
  }
  if (!hasUnknown(inputs.state) && !["RUNNING", "PAUSED", "STOPPED"].includes(inputs.state)) {
    fail("state", `"${inputs.state}" is no state of a connector: RUNNING, PAUSED and STOPPED are.`);
  }
  for (const key of ["readyTimeoutSeconds", "deleteTimeoutSeconds"] as const) {
    if (!hasUnknown(inputs[key]) && !(inputs[key] > 0)) fail(key, `${inputs[key]} is no time in seconds above 0.`);
  }
  if (!hasUnknown(inputs.config) && !inputs.config?.["connector.class"]) {
    fail(configPath("connector.class"), "is missing: the class of the connector's plugin.");
  }
  return found;
}

/**
 * Connect's verdict as one failure for each bad field, and one for each unknown key, of which Connect says nothing.
 *
 * @param atPreview leaves out what is not known yet, and trouble with reaching the database: the same update may be
 *   about to create the role or the database
 */
export function validationFailures(
  config: Record<string, ConfigValue>,
  validation: Validation,
  atPreview: boolean,
): CheckFailure[] {
  const values = asStrings(config);
  const bad = validation.configs.flatMap(({ value }) =>
    (value.errors ?? [])
      .filter(
        (error) => !atPreview || !(hasUnknown(values[value.name] ?? "") || isConnectionTrouble(value.name, error)),
      )
      .map((error) => ({ property: configPath(value.name), reason: reasonOf(value, values[value.name], error) })),
  );
  return dedupe([...unknownKeyFailures(config, knownNames(validation)), ...bad]);
}

function knownNames({ configs }: Validation): string[] {
  return configs.flatMap(({ definition, value }) => [definition?.name ?? value.name, value.name]);
}

/**
 * Keys that are no setting. Connect ignores them silently, so a typing slip could lose data. Debezium's families of keys are known here.
 * A connector of another class may have any keys: there only a key that is one letter off a known one is reported.
 */
export function unknownKeyFailures(config: Record<string, ConfigValue>, known: string[]): CheckFailure[] {
  const names = [...new Set(known)];
  const isOthers = !String(config["connector.class"] ?? "io.debezium.").startsWith("io.debezium.");
  // Names that bring keys of their own: `converters=isbn`, `isbn.type=…`.
  const named = [...listed(config["converters"]), ...listed(config["post.processors"])];
  return Object.keys(config)
    .filter((key) => key !== "name" && !names.includes(key))
    .filter((key) => !named.some((name) => key.startsWith(`${name}.`)))
    .filter((key) => (!isOthers && !isForeign(key)) || isSlip(key, names))
    .map((key) => ({
      property: configPath(key),
      reason: `Kafka Connect knows no such setting and would ignore it.${didYouMean(key, names)}`,
    }));
}

function isForeign(key: string): boolean {
  return FOREIGN.some((pattern) => pattern.test(key));
}

/** Whether a key is one letter off a real name, so that no other key can be meant. */
function isSlip(key: string, names: string[]): boolean {
  const near = nearest(key, names, 1)[0];
  return near !== undefined && Math.abs(near.length - key.length) <= 1 && key.length > 8 && differsByOne(key, near);
}

function differsByOne(a: string, b: string): boolean {
  let head = 0;
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return Math.max(a.length, b.length) - head - tail <= 1;
}

function isConnectionTrouble(field: string, error: string): boolean {
  return (
    /^database\.|^slot\.name$|^plugin\.name$/.test(field) && /connect|refused|authentication|role|FATAL/i.test(error)
  );
}

/** Whether the value is a reference that the worker resolves, maybe to a secret. Connect's answers show the resolved value. */
export function isReference(value: string | undefined): boolean {
  return /\$\{[^}]*\}/.test(value ?? "");
}

/** Shown in place of Connect's message about a value that may be a secret. */
export const UNSHOWN =
  "Kafka Connect refuses what the reference stands for. Its words are not shown, since they may hold it.";

function reasonOf(field: Validation["configs"][number]["value"], given: string | undefined, error: string): string {
  if (isReference(given)) return UNSHOWN;
  const told = explain(error);
  const secret = /password|secret|token|jaas/i.test(field.name) || isConnectionTrouble(field.name, error);
  const value = secret || given === undefined || told.includes(`"${given}"`) ? "" : ` The value is "${given}".`;
  const choices = field.recommended_values ?? [];
  const allowed =
    choices.length === 0 || told.includes(choices[0]!) ? "" : ` Allowed: ${choices.slice(0, 20).join(", ")}.`;
  return `${told}${value}${allowed}`;
}

function dedupe(found: CheckFailure[]): CheckFailure[] {
  const seen = found.map(({ property, reason }) => `${property}\n${reason}`);
  return found.filter((_, at) => seen.indexOf(seen[at]!) === at);
}
