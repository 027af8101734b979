/** Keys that the stack itself sets, and that a Debezium of another version may not know. */
import { POSTGRES_CONNECTOR, postgresSource } from "../../connector/config/postgres-source";
import type { ConfigValue } from "../../connector/connector-types";
import { unknownKeyFailures } from "../../connector/verbs/validate";

/** Keys that switch something off: a Debezium that does not know one has nothing to switch off. */
const NEEDLESS = ["extended.headers.enabled"];

/** Pure: the stack's keys that a class without `images/kafka/extensions` gets, whatever the settings are. */
export function ownKeys(): string[] {
  const any = { hostname: "h", database: "d", user: "u", topicPrefix: "p", slotName: "s", publication: "p" };
  return Object.keys(postgresSource({ ...any, tables: ["a.b"], signalTable: "a.c", extensions: false }));
}

/**
 * Pure: which of them Kafka Connect's class does not list.
 *
 * @param listed names of the fields that it lists
 */
export function unlistedKeys(listed: readonly string[]): { needless: string[]; needed: string[] } {
  const keys = Object.fromEntries(ownKeys().map((key): [string, ConfigValue] => [key, ""]));
  const config = { ...keys, "connector.class": POSTGRES_CONNECTOR };
  const missing = unknownKeyFailures(config, [...listed]).map(({ property }) => /"(.*)"/.exec(property)![1]!);
  const isNeedless = (key: string): boolean => NEEDLESS.includes(key);
  return { needless: missing.filter(isNeedless), needed: missing.filter((key) => !isNeedless(key)) };
}
