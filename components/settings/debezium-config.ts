/** Finds keys of `cdc:connectorConfig` that Debezium in the project's own image would refuse, before anything is made. */
import { POSTGRES_CONNECTOR } from "../connector/config/postgres-source";
import type { ConfigValue } from "../connector";
import { isReference, unknownKeyFailures } from "../connector/verbs/validate";
import type { Coordination } from "./coordination";
import { ENUM_FIELDS, OTHER_FIELDS, PLUGIN_VERSION_FIELDS, TRUTH_FIELDS, WHOLE_FIELDS } from "./debezium-fields";

const ALL_FIELDS = [...Object.keys(ENUM_FIELDS), ...TRUTH_FIELDS, ...WHOLE_FIELDS, ...OTHER_FIELDS];
/** Names of the connector's class that Kafka Connect takes. */
const CLASSES = [POSTGRES_CONNECTOR, "PostgresConnector", "Postgres"];

interface ConnectOfOurs {
  /** Whether `cdc:connectPlugins` brings other classes. */
  hasPlugins: boolean;
  /** Decides Kafka's version: without ZooKeeper it is Kafka 4. */
  coordination: Coordination;
}

/** Pure. @returns a sentence without its subject, `cdc:connectorConfig`, for each key */
export function debeziumProblems(
  config: Readonly<Record<string, ConfigValue>>,
  { hasPlugins, coordination }: ConnectOfOurs,
): string[] {
  const given = config["connector.class"];
  if (given !== undefined && !CLASSES.includes(String(given)))
    return hasPlugins
      ? []
      : [
          `["connector.class"] is ${JSON.stringify(given)}; allowed: ${POSTGRES_CONNECTOR}, unless cdc:connectPlugins brings another.`,
        ];
  const wrong = Object.entries(config).flatMap(([key, value]) => {
    const allowed = isReference(String(value)) ? undefined : allowedInstead(key, String(value).trim());
    return allowed === undefined ? [] : [`["${key}"] is ${JSON.stringify(value)}; allowed: ${allowed}.`];
  });
  const known = coordination === "kraft" ? [...ALL_FIELDS, ...PLUGIN_VERSION_FIELDS] : ALL_FIELDS;
  const unknown = unknownKeyFailures(config, known).map(
    ({ property, reason }) => `${property.replace(/^config/, "")}: ${reason}`,
  );
  return [...wrong, ...unknown];
}

/** What is allowed; undefined when the value is right, or when nothing is known about the key. */
function allowedInstead(key: string, value: string): string | undefined {
  const words = Object.hasOwn(ENUM_FIELDS, key) ? ENUM_FIELDS[key] : undefined;
  if (words) return words.includes(value.toLowerCase()) ? undefined : words.join(", ");
  if (TRUTH_FIELDS.includes(key)) return /^(true|false)$/i.test(value) ? undefined : "true, false";
  if (WHOLE_FIELDS.includes(key)) return /^[-+]?\d+$/.test(value) ? undefined : "a whole number";
  return undefined;
}
