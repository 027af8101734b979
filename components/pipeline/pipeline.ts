import * as pulumi from "@pulumi/pulumi";
import { after } from "../container/bare";
import { PostgresCapture } from "../capture";
import { consumerKind } from "../consumer";
import { connectorTopics } from "../costs";
import { deadLetterTopicOf, messageTopicOf, retryTopicOf } from "../names/topic-names";
import { Credentials } from "../credentials";
import { captureArgs } from "../database/capture-args";
import { DynamicProvider } from "../../program/dynamic/dynamic-resource";
import { groupOf, workerTopics } from "../existing/group-names";
import { Network } from "../network";
import type { PipelineArgs } from "./pipeline-args";
import { pipelineConnect } from "./pipeline-connect";
import { pipelineConnector } from "./pipeline-connector";
import { pipelineConsumers } from "./pipeline-consumers";
import { pipelineImages } from "./pipeline-images";
import { pipelineKafka, securityOf } from "./pipeline-kafka";
import { type ExistingParts, existingParts } from "../existing/parts";
import { pipelineDatabase } from "./pipeline-database";
import { Topics } from "../topics";

export type { PipelineArgs } from "./pipeline-args";

/** What a stack shows of a pipeline. */
export interface PipelineOutputs {
  /** Kafka Connect's REST API, as in `http://127.0.0.1:8083`. */
  connectUrl: pulumi.Output<string>;
  /** What it wants with a config, as `Authorization: Bearer …`: a secret. */
  connectToken: pulumi.Output<string>;
  /** Kafka for clients on this machine, as in `127.0.0.1:29092`. */
  bootstrapServers: string;
  /** `postgres://user:password@host:port/database`, a secret. */
  databaseUrl: pulumi.Output<string>;
  /** Where the database is, if somebody else runs it, as in `db.example:5432`. */
  existingDatabase?: string;
  /** Topics of the captured tables. */
  topics: pulumi.Output<string[]>;
  /** RUNNING, once records flow. */
  connectorState: pulumi.Output<string>;
  /** The page of the project's consumer, as in `http://localhost:8088`. */
  feedUrl?: pulumi.Output<string>;
  /** What is somebody else's, and how to get in. A secret; absent where all is the stack's. */
  existing?: pulumi.Output<ExistingParts>;
  /** Where a consumer of one's own listens; it need not have the project's page and feed. */
  consumerUrl?: pulumi.Output<string>;
}

/**
 * The whole stack: Postgres, its capture, Debezium in Kafka Connect, Kafka with ZooKeeper, and who reads the changes.
 *
 * Its parts are called `<name>-<role>`. The connector and the topics have the names that Kafka knows them by.
 */
export class Pipeline extends pulumi.ComponentResource {
  readonly outputs: PipelineOutputs;

  constructor(
    readonly pipelineName: string,
    args: PipelineArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { prefix, tables, topicPrefix, connectorName, captureName, found } = args;
    refuseSecond(pipelineName);
    super(PIPELINE_TYPE, pipelineName, { prefix, tables, topicPrefix, connectorName }, opts);
    const named = (role: string): string => `${pipelineName}-${role}`;
    const own = { parent: this };
    const consumes = consumerKind(args.consumer);

    const images = pipelineImages(named, args, own);
    const network = new Network(named("network"), { prefix, image: images.kafka.reference }, own);
    const stack = { prefix, network: network.early };

    const database = pipelineDatabase(named("postgres"), args, stack, images.postgres?.reference, own);
    const { postgres } = database;
    const kafka = pipelineKafka(named, args, { ...stack, image: images.kafka.reference }, own);
    const { kafkaSecurity } = securityOf(kafka);
    const messageTopic = messageTopicOf(topicPrefix);
    const deadLetterTopic = deadLetterTopicOf(topicPrefix);
    const retryTopic = retryTopicOf(topicPrefix);

    const credentials = new Credentials(
      named("credentials"),
      { prefix, password: args.password, stored: found.credentials },
      own,
    );
    const { connectToken } = credentials;
    const rolePassword = args.capturePassword ? pulumi.secret(args.capturePassword) : credentials.rolePassword;
    // The engine starts a plugin and does nothing else meanwhile: those which nothing needs before Postgres runs start then.
    const first = postgres?.container ?? network;
    const dynamic = new DynamicProvider(named("dynamic"), { ...own, dependsOn: after(first) });
    const signalTable = `${captureName}.signals`;
    const captured = captureArgs(args, rolePassword, found.connect);
    const capture = new PostgresCapture(
      named("capture"),
      { ...captured, ...(postgres && { port: postgres.port }) },
      { ...own, provider: dynamic, ...(postgres && { dependsOn: postgres, deletedWith: postgres.data }) },
    );

    const topics = new Topics(
      named("topics"),
      {
        bootstrapServers: kafka.bootstrapServers,
        cluster: kafka.shared,
        prefix: topicPrefix,
        tables,
        captured: capture.captured,
        // In somebody else's Kafka nobody else may make a topic, and what is made goes with the stack. With several brokers it is to have copies.
        others: [messageTopic, ...(kafka.shared || kafka.durability ? connectorTopics(args) : [])],
        compacted: workerTopics(args),
        partitions: args.partitions,
        minInsyncReplicas: args.minInsyncReplicas,
        existing: found.existing,
        retentionMs: args.retentionMs,
        cleanupPolicy: args.cleanupPolicy,
        keeps: args.keepTopics,
        // A dead letter may be looked at only after weeks, and what was sent back marks it.
        kept: [deadLetterTopic, retryTopic],
        ...(kafka.durability && { ...kafka.durability, brokers: args.brokers }),
        containers: kafka.containers,
        data: kafka.data,
        pluginAfter: first,
      },
      own,
    );

    const connect = pipelineConnect(
      named,
      args,
      { ...stack, image: () => (images.connect ?? images.kafka).reference },
      { ...kafka, topics: topics.compacted },
      connectToken,
      { "database.password": rolePassword, ...args.connectorSecrets },
      database,
      own,
    );
    const source = { ...database.address, database: args.database, user: capture.role, password: rolePassword };
    const connector = pipelineConnector(
      args,
      { capture, topics, connect, kafka, database, source, connectToken, signalTable },
      // In somebody else's database it drops its slot itself: one that is left would keep the log there for ever.
      {
        ...{ ...own, provider: dynamic, dependsOn: connect.workers.length > 0 ? connect.workers : topics },
        ...(postgres && { deletedWith: kafka.data }),
      },
    );

    const [consumer] = pipelineConsumers(
      named,
      args,
      {
        prefix,
        network: network.networkName,
        own: consumes === "own",
        brokers: kafka.containers,
        internalServers: kafka.internalServers,
        kafkaSecurity,
        group: groupOf(args),
        topics: topics.names,
        messageTopic,
        deadLetterTopic,
        retryTopic,
        connectUrl: connect.internalUrl,
        connectSecurity: connect.security,
        // From its container this machine has another name, which only Kafka Connect's is told.
        ...(!database.findsHost && { databaseAddress: `${database.hostname}:${database.port}` }),
        // By name, not by the capture: a destroy would have to wait for it.
        ...(postgres && {
          slot: { name: captured.slotName, database: args.database, user: captureName, password: rolePassword },
        }),
      },
      images.consumer,
      own,
    );

    const elsewhere = args.existingConnect && { url: args.existingConnect.url, security: connect.security };
    const existing = existingParts(kafka, elsewhere, connect.labels, args.existingDatabase && source);
    this.outputs = {
      ...(existing && { existing: pulumi.secret(existing) }),
      connectUrl: connect.url,
      connectToken,
      bootstrapServers: kafka.bootstrapServers,
      databaseUrl: database.url,
      ...(args.existingDatabase && { existingDatabase: `${database.address.host}:${database.address.port}` }),
      topics: topics.names,
      connectorState: connector.state,
      ...(consumer && { [consumes === "own" ? "consumerUrl" : "feedUrl"]: consumer.url }),
    };
    this.registerOutputs(this.outputs);
  }
}

export const PIPELINE_TYPE = "cdc:index:Pipeline";

/** By run of a program, the pipeline that it has declared. */
const declared = new WeakMap<object, string>();

/**
 * What a change of settings loses is reckoned from a stack's state, which does not tell two of them apart.
 *
 * @throws pulumi.RunError
 */
function refuseSecond(name: string): void {
  const run = pulumi.runtime.getMonitor() as object;
  const first = declared.get(run);
  if (first !== undefined)
    throw new pulumi.RunError(
      `Pipeline "${name}" is the second of this stack, after "${first}". Give it a stack of its own, or capture its database with ` +
        `PostgresCapture and DebeziumConnector in the Kafka Connect of "${first}".`,
    );
  declared.set(run, name);
}
