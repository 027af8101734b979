/** Settings about parts of the pipeline that are there already, and that the stack only uses. */
import { configObject } from "../settings/config-object";
import { type ConnectSecuritySetting, parseConnectSecurity } from "./connect/connect-setting";
import { type KafkaSecuritySetting, parseKafkaSecurity } from "./kafka/kafka-setting";

/** A Kafka that somebody else runs. */
export interface ExistingKafka {
  /** As this machine reaches it: `host:port`, separated by commas. */
  servers: string;
  /** As containers of the stack reach it. */
  internalServers: string;
  security: KafkaSecuritySetting;
}

/** A Kafka Connect that somebody else runs, on that Kafka. */
export interface ExistingConnect {
  /** Base of its REST API, as this machine reaches it. */
  url: string;
  security: ConnectSecuritySetting;
}

export interface ExistingSettings {
  /** A Kafka that is there already. @default none: the stack starts its own */
  existingKafka?: ExistingKafka;
  /** A Kafka Connect cluster that is there already, on that Kafka. @default none: the stack starts a worker */
  existingConnect?: ExistingConnect;
  /** Whether passwords may stand in the connector's config on that cluster. @default false */
  connectPlainSecrets: boolean;
  /** Where Kafka Connect reaches the database, `host:port`; empty: in the stack's own network. @default "" */
  databaseAddress: string;
  /** Copies of each topic; 0: as many as there are brokers, 3 at most. @default 0 */
  replicationFactor: number;
  /** How many copies must have a record before it counts as written; 0: as the broker has it. @default 0 */
  minInsyncReplicas: number;
  /** Partitions of each captured table's topic. @default 1 */
  partitions: number;
}

const SERVERS = /^[^\s,:/]+:\d{1,5}(,[^\s,:/]+:\d{1,5})*$/;

/**
 * Pure.
 *
 * @param consumes whether there is a container that reads from Kafka
 * @returns the settings, and what is wrong with them as `[key, sentence without its subject]`
 */
export function parseExisting(
  values: Record<string, string>,
  isSecret: (key: string) => boolean,
  consumes: boolean,
): { settings: ExistingSettings; problems: [key: string, sentence: string][] } {
  const problems: [string, string][] = [];
  const wrong = (key: string, sentence: string): number => problems.push([key, sentence]);
  const text = (key: string): string => (values[key] ?? "").replaceAll(" ", "");
  const whole = (key: string, least: number, most: number, otherwise: number): number => {
    const value = text(key) === "" ? otherwise : Number(text(key));
    if (!Number.isInteger(value) || value < least || value > most)
      wrong(key, ` is "${text(key)}"; allowed: a whole number from ${least} to ${most}.`);
    return value;
  };
  const truth = (key: string): boolean => {
    if (!["", "true", "false"].includes(text(key))) wrong(key, ` is "${text(key)}"; allowed: true, false.`);
    return text(key) === "true";
  };
  const [servers, inside, url, databaseAddress] = [
    text("bootstrapServers"),
    text("internalBootstrapServers"),
    text("connectUrl"),
    text("databaseAddress"),
  ];
  for (const key of ["bootstrapServers", "internalBootstrapServers"])
    if (text(key) !== "" && !SERVERS.test(text(key)))
      wrong(key, ` is "${text(key)}"; allowed: host:port, several separated by commas.`);
  if (databaseAddress !== "" && !/^[^\s,:/]+:\d{1,5}$/.test(databaseAddress))
    wrong("databaseAddress", ` is "${databaseAddress}"; allowed: host:port.`);

  const kafka = parseKafkaSecurity(values["kafkaSecurity"] ?? "{}", isSecret("kafkaSecurity"));
  const connect = parseConnectSecurity(values["connectSecurity"] ?? "{}", isSecret("connectSecurity"), url);
  for (const sentence of kafka.problems) wrong("kafkaSecurity", sentence);
  for (const sentence of connect.problems) wrong("connectSecurity", sentence);

  const settings: ExistingSettings = {
    ...(servers && { existingKafka: { servers, internalServers: inside || servers, security: kafka.security } }),
    ...(url && { existingConnect: { url, security: connect.security } }),
    connectPlainSecrets: truth("connectPlainSecrets"),
    databaseAddress,
    replicationFactor: whole("replicationFactor", 0, 32, 0),
    minInsyncReplicas: whole("minInsyncReplicas", 0, 32, 0),
    partitions: whole("partitions", 1, 10_000, 1),
  };
  const has = (key: string): boolean => Object.keys(configObject(values[key] ?? "{}") ?? {}).length > 0;
  if (servers === "") {
    for (const key of ["internalBootstrapServers", "kafkaSecurity"])
      if (text(key) !== "" && (key !== "kafkaSecurity" || has(key)))
        wrong(key, " is about the Kafka of cdc:bootstrapServers, which names none.");
    if (url !== "")
      wrong("connectUrl", " names a cluster that writes to a Kafka of its own: name that with cdc:bootstrapServers.");
  } else if (inside === "" && (consumes || url === "") && servers.split(",").every(isLoopback)) {
    wrong(
      "bootstrapServers",
      ` is ${servers}, where a container finds itself and not this machine; name the address that containers reach with ` +
        "cdc:internalBootstrapServers.",
    );
  }
  if (url === "") {
    const isSet = { connectSecurity: has("connectSecurity"), connectPlainSecrets: settings.connectPlainSecrets };
    for (const [key, set] of Object.entries(isSet))
      if (set) wrong(key, " is about the cluster of cdc:connectUrl, which names none.");
  } else {
    if (databaseAddress === "" && text("databaseUrl") === "")
      wrong(
        "connectUrl",
        " names a cluster that has to reach the database: say where, as that cluster sees it, with cdc:databaseAddress.",
      );
    problems.push(...urlProblems(url).map((sentence): [string, string] => ["connectUrl", sentence]));
  }
  if (settings.replicationFactor > 0 && settings.minInsyncReplicas > settings.replicationFactor)
    wrong(
      "minInsyncReplicas",
      ` is ${settings.minInsyncReplicas}, more than cdc:replicationFactor ${settings.replicationFactor}: no record could be written.`,
    );
  return { settings, problems };
}

function urlProblems(url: string): string[] {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return [` is "${url}"; allowed: an address as in https://connect.example:8083.`];
  }
  if (parsed.username !== "" || parsed.password !== "")
    return [" has a name or password in it; set them with cdc:connectSecurity, where no error shows them."];
  if (!/^https?:$/.test(parsed.protocol)) return [` is "${url}"; allowed: http:// or https://.`];
  return [];
}

function isLoopback(server: string): boolean {
  return /^(localhost|127(\.\d+){3}):/.test(server);
}
