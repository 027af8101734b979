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

/** The project's consumer with a handler, an image of the user's own, or none. */
export type ConsumerKind = "handler" | "own" | "none";

/** @param setting `cdc:consumer` */
export function consumerKind(setting: string): ConsumerKind {
  return setting === "handler" || setting === "none" ? setting : "own";
}

export interface ConsumerArgs extends StackArgs {
  image: pulumi.Input<string>;
  /** Whether the image is the user's own, with its own command and health check. @default false */
  own?: boolean;
  /** Memory limit in MiB. @default 384 */
  memoryMb?: number;
  /** Port of its page and API on 127.0.0.1. */
  port: number;
  /** The brokers' containers, if they are the stack's. They stop after the consumer, which needs them to leave its group. */
  brokers?: pulumi.Resource[];
  /** Which one of several consumers it is, and the pages of all. @default the only one */
  member?: ConsumerMember;
  /** Kafka's address on the stack's network. */
  internalServers: pulumi.Input<string>;
  /** What Kafka requires of its clients. @default nothing */
  kafkaSecurity?: KafkaSecurity;
  /** Its group in Kafka. @default "cdc-consumer" */
  group?: string;
  /** Topics to read, from their beginning. It starts before they exist, and waits for them. */
  topics: pulumi.Input<string[]>;
  /** Topic of logical messages, which belong to no table. */
  messageTopic: string;
  /** The connector's config. Topics to which its transforms send records are read as soon as they exist. */
  connectorConfig: Record<string, ConfigValue>;
  /** Further topics to read as soon as they exist; `*` stands for any characters. @default [] */
  furtherTopics?: readonly string[];
  /** Topic for records that could not be read or handled. */
  deadLetterTopic: string;
  /** Topic to which dead letters are sent back, for this consumer alone. */
  retryTopic: string;
  /** Connect's REST API as a container reaches it, for the state it shows. @default it shows none */
  connectUrl?: pulumi.Input<string>;
  /** What Connect's REST API requires of its users. @default nothing */
  connectSecurity?: ConnectSecurity;
  connectorName: string;
  /** Address of the database, `host:port`, for its state on the page. @default none: the page does not show it */
  databaseAddress?: string;
  /** The connector's replication slot, by which messages about it are told from others'. @default none: the connector has none */
  slotName?: string;
  /** The slot that the project's own consumer watches for being dropped, invalidated or moved on. @default it watches none */
  slot?: {
    name: string;
    publication: string;
    database: string;
    user: string;
    password: pulumi.Input<string>;
    /** The topic in which the stack's workers keep their offsets, which is watched too. @default none is */
    offsetsTopic?: string;
  };
  logFormat: "json" | "text";
  /** The level from which it logs lines about itself. Changes are always logged. @default "info" */
  logLevel?: LogLevel;
  /** Further variables of its environment, for the handler. @default {} */
  handlerEnv?: Record<string, string>;
  /** Secrets for the handler, by name. Each is a file, and the variable `NAME_FILE` has its path. @default {} */
  handlerSecrets?: Record<string, string>;
}

/** One of several consumers of one group: each reads some of the partitions. */
export interface ConsumerMember {
  /** From 1 on. The first one watches the slot. */
  index: number;
  /** The pages of all, in order of their numbers. */
  pages: string[];
}

/** The consumer: reads every change, hands it to `consumer/handler.ts`, and shows it on a page. */
export class Consumer extends pulumi.ComponentResource {
  /** Its page: `http://localhost:8088`. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: ConsumerArgs, opts?: pulumi.ComponentResourceOptions) {
    const {
      image: _image,
      imageIds: _ids,
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
        // It is not known where an image of the user's own writes to.
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

/** Pure: the address of a consumer's page on this machine. */
export function pageUrl(port: number): string {
  return `http://localhost:${port}`;
}

const CONSUMER_COMMAND = [
  "node",
  // In a container this small, V8 collects after each megabyte of new objects, while a fetch's records are still in use. After 4 MB,
  // most of them are done with. And while all cores have work, the threads that help to collect come late.
  "--min-semi-space-size=4",
  "--max-semi-space-size=4",
  "--no-parallel-scavenge",
  // In a container this small, V8 collects the whole heap once it has grown by a third, which was after each 5 MB of wide rows. Here it may double.
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
    ...(args.slotName !== undefined && !args.own && { CONNECTOR_SLOT: args.slotName }),
    STATE_DIR: STATE_DIRECTORY,
    ...(args.slot &&
      !args.own && {
        REPLICATION_SLOT: args.slot.name,
        POSTGRES_PUBLICATION: args.slot.publication,
        ...(args.slot.offsetsTopic !== undefined && { CONNECT_OFFSETS_TOPIC: args.slot.offsetsTopic }),
        POSTGRES_DATABASE: args.slot.database,
        POSTGRES_USER: args.slot.user,
        [`${PASSWORD}_FILE`]: secretFile(PASSWORD),
      }),
    ...(args.member &&
      !args.own && {
        CONSUMER_NUMBER: args.member.index,
        CONSUMER_PAGES: args.member.pages.join(","),
        // Messages about the slot come in this topic. The consumer that has told a loss is to learn that all rows were read again.
        ...(args.slotName !== undefined && args.member.index === 1 && { KAFKA_PREFERRED_TOPIC: args.messageTopic }),
      }),
    ...Object.assign({}, ...clients.map((client) => client.environment)),
    ...args.handlerEnv,
    ...Object.fromEntries(Object.keys(args.handlerSecrets ?? {}).map((key) => [`${key}_FILE`, secretFile(key)])),
  };
}

/** A secret as a file, because `docker inspect` shows the environment to everybody. */
function secretFile(name: string): string {
  return `/run/secrets/${name}`;
}
