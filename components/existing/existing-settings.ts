/** Settings about parts of the pipeline that exist already, and that the stack only uses. */
import { type ConnectSecuritySetting, parseConnectSecurity } from "./connect/connect-setting";
import { type KafkaSecuritySetting, parseKafkaSecurity } from "./kafka/kafka-setting";
import { isLoopback, PartReader, type Problem } from "./part-reader";

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
  /** A Kafka that exists already. @default none: the stack starts its own */
  existingKafka?: ExistingKafka;
  /** A Kafka Connect cluster that exists already, on that Kafka. @default none: the stack starts a worker */
  existingConnect?: ExistingConnect;
  /** Whether passwords may be in the connector's config on that cluster. @default false */
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

/**
 * Pure.
 *
 * @param consumes whether there is a container that reads from Kafka
 * @returns the settings, and what is wrong with them as `[key, sentence without its subject]`
 */
export function parseExistingParts(
  values: Record<string, string>,
  isSecret: (key: string) => boolean,
  consumes: boolean,
): { settings: ExistingSettings; problems: Problem[] } {
  const read = new PartReader(values);
  const servers = read.addresses("bootstrapServers");
  const internalServers = read.addresses("internalBootstrapServers") || servers;
  const databaseAddress = read.address("databaseAddress");
  const url = read.text("connectUrl");
  const kafka = parseKafkaSecurity(values["kafkaSecurity"] ?? "{}", isSecret("kafkaSecurity"));
  const connect = parseConnectSecurity(values["connectSecurity"] ?? "{}", isSecret("connectSecurity"), url);
  for (const sentence of kafka.problems) read.wrong("kafkaSecurity", sentence);
  for (const sentence of connect.problems) read.wrong("connectSecurity", sentence);
  const settings: ExistingSettings = {
    ...(servers && { existingKafka: { servers, internalServers, security: kafka.security } }),
    ...(url && { existingConnect: { url, security: connect.security } }),
    connectPlainSecrets: read.truth("connectPlainSecrets"),
    databaseAddress,
    replicationFactor: read.whole("replicationFactor", 0, 32, 0),
    minInsyncReplicas: read.whole("minInsyncReplicas", 0, 32, 0),
    partitions: read.whole("partitions", 1, 10_000, 1),
  };
  return {
    settings,
    problems: [...read.problems, ...kafkaMisfits(read, consumes), ...connectMisfits(read), ...copiesMisfits(settings)],
  };
}

/** Problems with addresses that containers have to reach, and with settings about a Kafka when none is named. */
function kafkaMisfits(read: PartReader, consumes: boolean): Problem[] {
  const [servers, inside, url] = [
    read.text("bootstrapServers"),
    read.text("internalBootstrapServers"),
    read.text("connectUrl"),
  ];
  if (servers === "") {
    const isSet = { internalBootstrapServers: inside !== "", kafkaSecurity: read.hasKeys("kafkaSecurity") };
    return [
      ...refuseSet(isSet, " is about the Kafka of cdc:bootstrapServers, which names none."),
      ...refuseSet(
        { connectUrl: url !== "" },
        " names a cluster that writes to a Kafka of its own: name that with cdc:bootstrapServers.",
      ),
    ];
  }
  const isReached = inside !== "" || !servers.split(",").every(isLoopback);
  if (isReached || !(consumes || url === "")) return [];
  const sentence =
    ` is ${servers}, where a container finds itself and not this machine; name the address that containers reach with ` +
    "cdc:internalBootstrapServers.";
  return [["bootstrapServers", sentence]];
}

/** Problems with addresses that a Connect cluster has to reach, and with settings about one when none is named. */
function connectMisfits(read: PartReader): Problem[] {
  const url = read.text("connectUrl");
  if (url === "") {
    const isSet = {
      connectSecurity: read.hasKeys("connectSecurity"),
      connectPlainSecrets: read.text("connectPlainSecrets") === "true",
    };
    return refuseSet(isSet, " is about the cluster of cdc:connectUrl, which names none.");
  }
  const isNowhere = read.text("databaseAddress") === "" && read.text("databaseUrl") === "";
  const sentence =
    " names a cluster that has to reach the database: say where, as that cluster sees it, with cdc:databaseAddress.";
  return [
    ...refuseSet({ connectUrl: isNowhere }, sentence),
    ...urlProblems(url).map((problem): Problem => ["connectUrl", problem]),
  ];
}

function copiesMisfits({ replicationFactor, minInsyncReplicas }: ExistingSettings): Problem[] {
  if (replicationFactor === 0 || minInsyncReplicas <= replicationFactor) return [];
  return [
    [
      "minInsyncReplicas",
      ` is ${minInsyncReplicas}, more than cdc:replicationFactor ${replicationFactor}: no record could be written.`,
    ],
  ];
}

/** The sentence as a problem of each key that is set. */
function refuseSet(isSet: Record<string, boolean>, sentence: string): Problem[] {
  return Object.keys(isSet)
    .filter((key) => isSet[key])
    .map((key) => [key, sentence]);
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
