/** Reads the environment variables into one typed value. An error names the variable, its value and what is allowed. */
import { readFileSync } from "node:fs";
import type { SourceDatabase } from "../components/connector/connector-types";
import type { ConnectSecurity } from "../components/existing/connect/connect-access";
import { type KafkaSecurity, SASL_MECHANISMS, type SaslMechanism } from "../components/existing/kafka/kafka-access";
import { type Environment, type EnvironmentReader, environmentReader } from "./environment";
import { LOG_LEVELS, type LogLevel } from "./log-level";
import { KAFKAJS_PARTS, type KafkajsPart, parseKafkajsParts } from "./kafka/internals/parts";

export interface Config {
  brokers: string[];
  /** What the brokers require of their clients. */
  kafkaSecurity: KafkaSecurity;
  topics: string[];
  /** Patterns of topics that are read as soon as they exist. */
  furtherTopics: string[];
  groupId: string;
  deadLetterTopic: string;
  /** The topic to which dead letters are sent back, read beside `topics`; null: none can be sent back. */
  retryTopic: string | null;
  /** Topic whose partitions this member is to have, unless another member has a change of them at hand; null: none. */
  preferredTopic: string | null;
  /** Which one of several consumers this is; null: the only one. */
  member: GroupMember | null;
  httpPort: number;
  logFormat: "json" | "text";
  /** The level from which lines about the process itself are logged. */
  logLevel: LogLevel;
  /** Base URL of Kafka Connect's REST API; with several workers, those of all, separated by commas. Null leaves Kafka Connect out of the status. */
  connectUrl: string | null;
  /** What Kafka Connect requires of its users. */
  connectSecurity: ConnectSecurity;
  connectorName: string | null;
  /** host:port of the database, which is asked without a login; null leaves the database out of the status. */
  postgresAddress: string | null;
  /** The connector's replication slot, by which messages about it are told from others'; empty: not known. */
  slotName: string;
  /** That slot, and the login to look at it; null: this consumer does not look. */
  slot: SlotConfig | null;
  /** `Host` names accepted beside localhost, without port. */
  allowedHosts: string[];
  /** How many changes are kept for `/changes` and for clients of `/events` that go on; `recentBytes` limits their JSON. */
  recentChanges: number;
  recentBytes: number;
  /** How often a change is given to the handler before it goes to the dead-letter topic. */
  handlerAttempts: number;
  /** Milliseconds before the second attempt; doubles with each further one. */
  handlerBackoffMs: number;
  /** Milliseconds after which an attempt counts as failed; null waits as long as it takes. */
  handlerTimeoutMs: number | null;
  /** Milliseconds with one change after which `/healthz` is no longer 200. */
  handlerStuckMs: number;
  pageDirectory: string;
  /** Parts of kafkajs that are replaced, see `kafka/internals`. Fewer than all are for tests, and for the search of an error. */
  kafkajsParts: readonly KafkajsPart[];
  /** Folder in which the process keeps, across restarts, what it has handled; null: nothing is kept. */
  stateDirectory: string | null;
}

/** One of several consumers of a group. */
export interface GroupMember {
  /** From 1 on. */
  number: number;
  /** The pages of all, in order of their numbers, this one's included. */
  pages: string[];
}

/** Where the stack's connector is. */
export interface ConnectorAddress {
  /** With several workers, those of all, separated by commas. */
  connectUrl: string;
  connectSecurity: ConnectSecurity;
  connectorName: string;
}

export interface SlotConfig extends ConnectorAddress {
  database: SourceDatabase;
  slotName: string;
  publication: string;
  /** The topic in which Kafka Connect keeps its offsets; null when it is not the stack's. */
  offsetsTopic: string | null;
}

const TOPIC = /^[a-zA-Z0-9._-]+$/;

/** A topic's name in which `*` stands for any characters. It is not the first character, or the pattern might match Kafka's own topics. */
export const TOPIC_PATTERN = /^[a-zA-Z0-9._-][a-zA-Z0-9._*-]*$/;

/** @param home the program's folder, beside which the page is @throws Error with a sentence for each wrong variable */
export function readConfig(env: Environment, home: string): Config {
  const problems: string[] = [];
  const read = environmentReader(env, problems);
  const config: Config = {
    ...readKafka(env, read),
    member: readMember(env, read),
    httpPort: read.whole("HTTP_PORT", 8088, 0, 65535),
    logFormat: read.oneOf("LOG_FORMAT", ["json", "text"], "json"),
    logLevel: read.oneOf("LOG_LEVEL", LOG_LEVELS, "info"),
    ...readConnect(env, read),
    postgresAddress: read.optional("POSTGRES_ADDRESS", /^\S+:\d+$/, "host:port"),
    slotName: env["CONNECTOR_SLOT"] || env["REPLICATION_SLOT"] || "",
    slot: null,
    allowedHosts: env["ALLOWED_HOSTS"]
      ? read.list("ALLOWED_HOSTS", /^[a-zA-Z0-9.-]+$/, "host names without port, comma-separated")
      : [],
    recentChanges: read.whole("RECENT_CHANGES", 10_000, 1, 1_000_000),
    recentBytes: read.whole("RECENT_BYTES", 16 << 20, 1 << 16, 2 ** 30),
    handlerAttempts: read.whole("HANDLER_ATTEMPTS", 5, 1, 1000),
    handlerBackoffMs: read.whole("HANDLER_BACKOFF_MS", 100, 0, 60_000),
    handlerTimeoutMs: env["HANDLER_TIMEOUT_MS"]?.trim() ? read.whole("HANDLER_TIMEOUT_MS", 0, 1, 86_400_000) : null,
    handlerStuckMs: read.whole("HANDLER_STUCK_MS", 300_000, 1, 86_400_000),
    pageDirectory: env["PAGE_DIR"] || `${home}/page`,
    kafkajsParts: parseKafkajsParts(read.text("KAFKAJS", KAFKAJS, KAFKAJS_ALLOWED, "changed")),
    stateDirectory: env["STATE_DIR"] || null,
  };
  problems.push(...topicsTwice(config));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return { ...config, slot: slotOf(config, env) };
}

type KafkaKeys =
  | ("brokers" | "kafkaSecurity" | "groupId")
  | ("topics" | "furtherTopics" | "deadLetterTopic" | "retryTopic" | "preferredTopic");

function readKafka(env: Environment, read: EnvironmentReader): Pick<Config, KafkaKeys> {
  return {
    brokers: read.list("KAFKA_BROKERS", /^[^\s,:]+:\d+$/, "host:port, comma-separated"),
    kafkaSecurity: readKafkaSecurity(read),
    topics: read.list("KAFKA_TOPICS", TOPIC, "topic names, comma-separated"),
    furtherTopics: env["KAFKA_FURTHER_TOPICS"]?.trim()
      ? read.list(
          "KAFKA_FURTHER_TOPICS",
          TOPIC_PATTERN,
          "topic names, comma-separated, in which * stands for any characters",
        )
      : [],
    groupId: read.text("KAFKA_GROUP_ID", /^\S+$/, "a name without spaces"),
    deadLetterTopic: read.text("KAFKA_DEAD_LETTER_TOPIC", TOPIC, "a topic name"),
    retryTopic: read.optional("KAFKA_RETRY_TOPIC", TOPIC, "a topic name"),
    preferredTopic: read.optional("KAFKA_PREFERRED_TOPIC", TOPIC, "a topic name"),
  };
}

function readMember(env: Environment, read: EnvironmentReader): GroupMember | null {
  if (!env["CONSUMER_PAGES"]?.trim()) return null;
  return {
    number: read.whole("CONSUMER_NUMBER", 1, 1, 1000),
    pages: read.list("CONSUMER_PAGES", /^https?:\/\/[^\s,]+$/, "http URLs, comma-separated"),
  };
}

function readConnect(
  env: Environment,
  read: EnvironmentReader,
): Pick<Config, "connectUrl" | "connectSecurity" | "connectorName"> {
  return {
    connectUrl: read.optional("CONNECT_URL", /^https?:\/\/[^\s,]+(,https?:\/\/[^\s,]+)*$/, "an http URL"),
    connectSecurity: {
      ...(env["CONNECT_USERNAME"] && {
        username: env["CONNECT_USERNAME"],
        password: read.file("CONNECT_PASSWORD_FILE") ?? "",
      }),
      ...definedOnly({
        ca: read.file("CONNECT_SSL_CA_FILE"),
        cert: read.file("CONNECT_SSL_CERT_FILE"),
        key: read.file("CONNECT_SSL_KEY_FILE"),
      }),
    },
    connectorName: read.optional("CONNECTOR_NAME", /^\S+$/, "a name without spaces"),
  };
}

/** Topics with two uses. Records that are sent to a dead-letter topic which is also read would come back for ever. */
function topicsTwice({ topics, deadLetterTopic, retryTopic }: Config): string[] {
  const problems: string[] = [];
  if (topics.includes(deadLetterTopic)) {
    problems.push(`KAFKA_DEAD_LETTER_TOPIC is "${deadLetterTopic}", which is also one of KAFKA_TOPICS`);
  }
  if (retryTopic !== null && [...topics, deadLetterTopic].includes(retryTopic)) {
    problems.push(`KAFKA_RETRY_TOPIC is "${retryTopic}", which is also KAFKA_DEAD_LETTER_TOPIC or one of KAFKA_TOPICS`);
  }
  return problems;
}

/** Pure. @returns undefined where the settings name no connector */
export function connectorOf({
  connectUrl,
  connectSecurity,
  connectorName,
}: Pick<Config, keyof ConnectorAddress>): ConnectorAddress | undefined {
  if (!connectUrl || !connectorName) return undefined;
  return { connectUrl: connectUrl.replace(/\/+$/, ""), connectSecurity, connectorName };
}

/** The settings about the slot, of which the stack sets all or none. */
function slotOf(config: Config, env: Environment): SlotConfig | null {
  const { postgresAddress } = config;
  const connector = connectorOf(config);
  const { REPLICATION_SLOT: slotName, POSTGRES_PUBLICATION: publication } = env;
  const { POSTGRES_DATABASE: database, POSTGRES_USER: user } = env;
  const file = env["POSTGRES_PASSWORD_FILE"];
  if (!postgresAddress || connector === undefined) return null;
  if (!slotName || !publication || !database || !user || !file) return null;
  const colon = postgresAddress.lastIndexOf(":");
  const [host, port] = [postgresAddress.slice(0, colon), Number(postgresAddress.slice(colon + 1))];
  return {
    database: { host, port, database, user, password: readFileSync(file, "utf8").trim() },
    slotName,
    publication,
    ...connector,
    offsetsTopic: env["CONNECT_OFFSETS_TOPIC"] || null,
  };
}

const KAFKAJS = new RegExp(`^(changed|as-published|(${KAFKAJS_PARTS.join("|")})(,(${KAFKAJS_PARTS.join("|")}))*)$`);
const KAFKAJS_ALLOWED = `changed, as-published, or some of ${KAFKAJS_PARTS.join()}`;
const PROTOCOL = /^(PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL)$/;
const MECHANISM = new RegExp(`^(${SASL_MECHANISMS.join("|")})$`, "i");

/** Reads the security settings, which have the names of Kafka's own clients. */
function readKafkaSecurity(read: EnvironmentReader): KafkaSecurity {
  const protocol = read.text(
    "KAFKA_SECURITY_PROTOCOL",
    PROTOCOL,
    "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL",
    "PLAINTEXT",
  );
  return {
    ...(protocol.endsWith("SSL") && {
      tls: definedOnly({
        ca: read.file("KAFKA_SSL_CA_FILE"),
        cert: read.file("KAFKA_SSL_CERT_FILE"),
        key: read.file("KAFKA_SSL_KEY_FILE"),
      }),
    }),
    ...(protocol.startsWith("SASL_") && {
      sasl: {
        mechanism: read
          .text("KAFKA_SASL_MECHANISM", MECHANISM, "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512")
          .toLowerCase() as SaslMechanism,
        username: read.text("KAFKA_SASL_USERNAME", /./, "a name"),
        password: read.file("KAFKA_SASL_PASSWORD_FILE") ?? "",
      },
    }),
  };
}

function definedOnly<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
