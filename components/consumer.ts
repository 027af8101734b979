import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { memberRole } from "./cluster/members";
import type { ConfigValue } from "./connector";
import { routedTopics } from "./names/consumer-topics";
import { batchScheduled } from "./container/batch-scheduling";
import { containerArgs, type StackArgs, volumeArgs, volumeOptions } from "./container/container";
import type { ConnectSecurity } from "./existing/connect/connect-access";
import { type ClientFiles, connectClientFiles, kafkaClientFiles } from "./existing/client-files";
import type { KafkaSecurity } from "./existing/kafka/kafka-access";
import { CONSUMER_GROUP } from "./existing/kafka/group-names";
import { answersHttp } from "./container/healthy";
import type { LogLevel } from "../consumer/log-level";
import { membersLabel } from "./container/labels";

/** The project's consumer with a handler, an image of somebody's own, or none. */
export type ConsumerKind = "handler" | "own" | "none";

/** @param setting `cdc:consumer` */
export function consumerKind(setting: string): ConsumerKind {
  return setting === "handler" || setting === "none" ? setting : "own";
}

export interface ConsumerArgs extends StackArgs {
  image: pulumi.Input<string>;
  /** Whether the image is somebody's own: it knows its command, and how it is well. @default false */
  own?: boolean;
  /** Memory limit in MiB. @default 384 */
  memoryMb?: number;
  /** Port of its page and API on 127.0.0.1. */
  port: number;
  /** The brokers' containers, where they are the stack's: they stop after the consumer, which leaves its group with their help. */
  brokers?: pulumi.Resource[];
  /** Which of several it is, and where each one's page is. @default the only one */
  member?: ConsumerMember;
  /** Kafka's address on the stack's network. */
  internalServers: pulumi.Input<string>;
  /** What Kafka asks of its clients. @default nothing */
  kafkaSecurity?: KafkaSecurity;
  /** Its group in Kafka. @default "cdc-consumer" */
  group?: string;
  /** Topics to read, from their beginning. It starts before they exist, and waits for them. */
  topics: pulumi.Input<string[]>;
  /** Topic of logical messages, which belong to no table. */
  messageTopic: string;
  /** The connector's config: the topics that its transforms send records to are read as soon as they exist. */
  connectorConfig: Record<string, ConfigValue>;
  /** Further topics to read as soon as they exist; `*` stands for any characters. @default [] */
  furtherTopics?: readonly string[];
  /** Topic for records that could not be read or handled. */
  deadLetterTopic: string;
  /** Topic that dead letters are sent back to, for this consumer alone. */
  retryTopic: string;
  /** Connect's REST API as a container reaches it, for the state it shows. @default it shows none */
  connectUrl?: pulumi.Input<string>;
  /** What that asks of those who use it. @default nothing */
  connectSecurity?: ConnectSecurity;
  connectorName: string;
  /** Where the database answers, `host:port`, for the page's line of parts. @default not told */
  databaseAddress?: string;
  /** How the project's own consumer looks whether the connector's slot was dropped, invalidated or moved on. @default it does not */
  slot?: {
    name: string;
    database: string;
    user: string;
    password: pulumi.Input<string>;
    /** Where the stack's workers keep their offsets: it is watched, too. @default it is not */
    offsetsTopic?: string;
  };
  logFormat: "json" | "text";
  /** What it tells of itself; changes are told always. @default "info" */
  logLevel?: LogLevel;
  /** Further variables of its environment, for the handler. @default {} */
  handlerEnv?: Record<string, string>;
  /** Words for the handler, by name: each a file, and `NAME_FILE` says where. @default {} */
  handlerSecrets?: Record<string, string>;
}

/** One of several consumers of one group: each reads some of the partitions. */
export interface ConsumerMember {
  /** From 1 on. The first one looks after the slot. */
  index: number;
  /** Every one's page, in their order. */
  pages: string[];
}

/** The consumer: reads every change, hands it to `consumer/handler.ts`, and shows it on a page. */
export class Consumer extends pulumi.ComponentResource {
  /** Its page: `http://localhost:8088`. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: ConsumerArgs, opts?: pulumi.ComponentResourceOptions) {
    const {
      image: _image,
      network: _network,
      connectorConfig: _config,
      brokers = [],
      slot,
      handlerSecrets = {},
      kafkaSecurity = {},
      connectSecurity = {},
      ...own
    } = args;
    const clients = [kafkaClientFiles(kafkaSecurity), connectClientFiles(connectSecurity)];
    super("cdc:index:Consumer", name, own, opts);
    const role = memberRole("consumer", args.member?.index ?? 1);
    const state = new docker.Volume(`${name}-state`, volumeArgs(args.prefix, `${role}-state`), volumeOptions(this));
    new docker.Container(
      `${name}-container`,
      containerArgs({
        stack: args,
        role,
        ...(args.member && { labels: membersLabel(args.member.pages.length) }),
        image: args.image,
        memoryMb: args.memoryMb ?? 384,
        ...(!args.own && {
          command: batchScheduled(CONSUMER_COMMAND),
          healthy: answersHttp(HTTP_PORT, "/healthz"),
        }),
        // Where an image of somebody's own writes to, nobody knows.
        ...(args.own && { readOnly: false }),
        publish: { [HTTP_PORT]: args.port },
        envs: pulumi
          .output(environment(args, clients, this))
          .apply((env) => Object.entries(env).map(([key, value]) => `${key}=${value}`)),
        uploads: [
          ...(args.own || !slot ? [] : [{ file: secretFile(PASSWORD), content: slot.password }]),
          ...clients.flatMap(({ files }) => files),
          ...Object.entries(handlerSecrets).map(([key, word]) => ({
            file: secretFile(key),
            content: pulumi.secret(word),
          })),
        ],
        volumes: [{ volumeName: state.name, containerPath: STATE_DIRECTORY }],
        destroyGraceSeconds: 10,
      }),
      { parent: this, dependsOn: brokers },
    );
    this.url = pulumi.output(pageUrl(args.port));
    this.registerOutputs({ url: this.url });
  }
}

/** Pure: where a consumer's page is on this machine. */
export function pageUrl(port: number): string {
  return `http://localhost:${port}`;
}

const CONSUMER_COMMAND = [
  "node",
  // In so small a container V8 collects each megabyte, while a fetch waits in it: 4 MB are enough for most of that to be
  // done with. And where all cores have work, the threads that help to collect come late.
  "--min-semi-space-size=4",
  "--max-semi-space-size=4",
  "--no-parallel-scavenge",
  // In so small a container V8 lets the heap grow by a third before it collects all of it, which was once for every 5 MB of wide rows. It may double.
  "--heap-growing-percent=100",
  "--enable-source-maps",
  "/app/consumer.js",
];
const HTTP_PORT = 8088;
const PASSWORD = "POSTGRES_PASSWORD";
const STATE_DIRECTORY = "/var/lib/consumer";

function environment(
  args: ConsumerArgs,
  clients: ClientFiles[],
  consumer: pulumi.Resource,
): Record<string, pulumi.Input<string | number>> {
  const topics = pulumi.output(args.topics).apply((names) => [...names, args.messageTopic]);
  const further = topics.apply((names) => {
    const { patterns, warnings } = routedTopics(args.connectorConfig, names);
    for (const sentence of warnings) void pulumi.log.warn(sentence, consumer);
    return [...patterns, ...(args.furtherTopics ?? [])].join(",");
  });
  return {
    KAFKA_BROKERS: args.internalServers,
    KAFKA_TOPICS: topics.apply((names) => names.join(",")),
    KAFKA_FURTHER_TOPICS: further,
    KAFKA_GROUP_ID: args.group ?? CONSUMER_GROUP,
    KAFKA_DEAD_LETTER_TOPIC: args.deadLetterTopic,
    KAFKA_RETRY_TOPIC: args.retryTopic,
    HTTP_PORT,
    LOG_FORMAT: args.logFormat,
    LOG_LEVEL: args.logLevel ?? "info",
    ...(args.connectUrl !== undefined && { CONNECT_URL: args.connectUrl, CONNECTOR_NAME: args.connectorName }),
    ...(args.databaseAddress !== undefined && { POSTGRES_ADDRESS: args.databaseAddress }),
    STATE_DIR: STATE_DIRECTORY,
    ...(args.slot &&
      !args.own && {
        REPLICATION_SLOT: args.slot.name,
        ...(args.slot.offsetsTopic !== undefined && { CONNECT_OFFSETS_TOPIC: args.slot.offsetsTopic }),
        POSTGRES_DATABASE: args.slot.database,
        POSTGRES_USER: args.slot.user,
        [`${PASSWORD}_FILE`]: secretFile(PASSWORD),
      }),
    ...(args.member &&
      !args.own && {
        CONSUMER_NUMBER: args.member.index,
        CONSUMER_PAGES: args.member.pages.join(","),
        // Heartbeats come there: who looks after the slot hears by them that all rows were told again.
        ...(args.slot && { KAFKA_PREFERRED_TOPIC: args.messageTopic }),
      }),
    ...Object.assign({}, ...clients.map((client) => client.environment)),
    ...args.handlerEnv,
    ...Object.fromEntries(Object.keys(args.handlerSecrets ?? {}).map((key) => [`${key}_FILE`, secretFile(key)])),
  };
}

/** A file, since `docker inspect` shows an environment to everybody. */
function secretFile(name: string): string {
  return `/run/secrets/${name}`;
}
