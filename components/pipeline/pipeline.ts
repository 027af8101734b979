import * as pulumi from "@pulumi/pulumi";
import { Network } from "../network";
import type { PipelineArgs } from "./pipeline-args";
import { pipelineCapture } from "./pipeline-capture";
import { pipelineConnect } from "./pipeline-connect";
import { pipelineConnector } from "./pipeline-connector";
import { pipelineConsumers } from "./pipeline-consumers";
import { pipelineImages } from "./pipeline-images";
import { pipelineKafka } from "./pipeline-kafka";
import { outputsOf, type PipelineOutputs } from "./pipeline-outputs";
import { pipelineTopics } from "./pipeline-topics";
import { PIPELINE_TYPE } from "./pipeline-type";
import { refuseRenamed } from "./renamed-pipeline";
import { refuseSecond } from "./second-pipeline";
import { pipelineDatabase } from "./pipeline-database";

export type { PipelineArgs } from "./pipeline-args";
export type { PipelineOutputs } from "./pipeline-outputs";

/**
 * The whole stack: Postgres, its capture, Debezium in Kafka Connect, Kafka with ZooKeeper, and the consumers.
 *
 * Its parts are called `<name>-<role>`. The connector and the topics have their names in Kafka.
 */
export class Pipeline extends pulumi.ComponentResource {
  readonly outputs: PipelineOutputs;

  constructor(
    readonly pipelineName: string,
    args: PipelineArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { prefix, tables, topicPrefix, connectorName } = args;
    refuseSecond(pipelineName);
    refuseRenamed(pipelineName, opts, args.found.pipelines);
    super(PIPELINE_TYPE, pipelineName, { prefix, tables, topicPrefix, connectorName }, opts);
    const named = (role: string): string => `${pipelineName}-${role}`;
    const own = { parent: this };

    const images = pipelineImages(named, args, own);
    const network = new Network(named("network"), { prefix, image: images.kafka.reference }, own);
    const stack = { prefix, network: network.early, imageIds: args.found.imageIds };

    const database = pipelineDatabase(named("postgres"), args, stack, images.postgres?.reference, own);
    const kafka = pipelineKafka(named, args, { ...stack, image: images.kafka.reference }, own);

    // While the engine starts a plugin, it does nothing else. So plugins that are not needed before start when Postgres runs.
    const first = database.postgres?.container ?? network;
    const captured = pipelineCapture(named, args, database.postgres, first, own);
    const topics = pipelineTopics(
      named("topics"),
      args,
      { kafka, captured: captured.capture.captured, pluginAfter: first },
      own,
    );

    const image = () => (images.connect ?? images.kafka).reference;
    const connect = pipelineConnect(
      named,
      args,
      { stack: { ...stack, image }, kafka, topics, database, captured },
      own,
    );
    const parts = { kafka, database, captured, topics, connect };
    const connector = pipelineConnector(args, parts, own);
    const [consumer] = pipelineConsumers(named, args, { network: network.networkName, ...parts }, images.consumer, own);
    this.outputs = outputsOf(args, { ...parts, connector, consumer });
    this.registerOutputs(this.outputs);
  }
}
