import * as pulumi from "@pulumi/pulumi";
import { after } from "../container/bare";
import { PostgresCapture } from "../capture";
import { Credentials } from "../credentials";
import { captureArgs } from "../database/capture-args";
import { DynamicProvider } from "../../program/dynamic/dynamic-resource";
import { Network } from "../network";
import type { PipelineArgs } from "./pipeline-args";
import { pipelineConnect } from "./pipeline-connect";
import { pipelineConnector } from "./pipeline-connector";
import { pipelineConsumers } from "./pipeline-consumers";
import { pipelineImages } from "./pipeline-images";
import { pipelineKafka } from "./pipeline-kafka";
import { outputsOf, type PipelineOutputs } from "./pipeline-outputs";
import { pipelineTopics } from "./pipeline-topics";
import { refuseSecond } from "./second-pipeline";
import { pipelineDatabase } from "./pipeline-database";

export type { PipelineArgs } from "./pipeline-args";
export type { PipelineOutputs } from "./pipeline-outputs";

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
    const { prefix, tables, topicPrefix, connectorName, found } = args;
    refuseSecond(pipelineName);
    super(PIPELINE_TYPE, pipelineName, { prefix, tables, topicPrefix, connectorName }, opts);
    const named = (role: string): string => `${pipelineName}-${role}`;
    const own = { parent: this };

    const images = pipelineImages(named, args, own);
    const network = new Network(named("network"), { prefix, image: images.kafka.reference }, own);
    const stack = { prefix, network: network.early };

    const database = pipelineDatabase(named("postgres"), args, stack, images.postgres?.reference, own);
    const { postgres } = database;
    const kafka = pipelineKafka(named, args, { ...stack, image: images.kafka.reference }, own);

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
    const captured = captureArgs(args, rolePassword, found.connect);
    const capture = new PostgresCapture(
      named("capture"),
      { ...captured, ...(postgres && { port: postgres.port }) },
      { ...own, provider: dynamic, ...(postgres && { dependsOn: postgres, deletedWith: postgres.data }) },
    );

    const topics = pipelineTopics(
      named("topics"),
      args,
      { kafka, captured: capture.captured, pluginAfter: first },
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
      { capture, topics, connect, kafka, database, source, connectToken, signalTable: captured.signalTable },
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
        network: network.networkName,
        ...{ kafka, topics, connect, database },
        // By name, not by the capture: a destroy would have to wait for it.
        ...(postgres && { slot: { name: captured.slotName, user: captured.role, password: rolePassword } }),
      },
      images.consumer,
      own,
    );
    this.outputs = outputsOf(args, { kafka, database, source, topics, connect, connectToken, connector, consumer });
    this.registerOutputs(this.outputs);
  }
}

export const PIPELINE_TYPE = "cdc:index:Pipeline";
