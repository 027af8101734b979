import type * as pulumi from "@pulumi/pulumi";
import type { KafkaSecurity } from "../existing/kafka-access";
import { Kafka } from "../kafka";
import { recordBytes } from "../connector/record-size";
import type { PipelineArgs } from "./pipeline-args";
import type { SharedCluster } from "../topics";
import { ZooKeeper } from "../zookeeper";

/** The Kafka of a pipeline: its own broker, or one that somebody else runs. */
export interface KafkaPart {
  /** As this machine reaches it, and as containers of the stack do. */
  bootstrapServers: string;
  internalServers: pulumi.Input<string>;
  /** The broker's container and its volume, where they are the stack's. */
  container?: pulumi.Resource;
  data?: pulumi.Resource;
  /** What it asks of its clients, and what it is, where it is somebody else's. */
  shared?: SharedCluster;
}

/** Makes the broker, and its ZooKeeper where it has one, unless there is a Kafka already. @param image makes the image that both run */
export function pipelineKafka(
  named: (role: string) => string,
  args: PipelineArgs,
  stack: { prefix: string; network: pulumi.Input<string>; image: pulumi.Input<string> },
  opts: pulumi.ComponentResourceOptions,
): KafkaPart {
  const { existingKafka, found } = args;
  if (existingKafka !== undefined) {
    const { security, clusterId, replicationFactor } = found.kafka!;
    return {
      bootstrapServers: existingKafka.servers,
      internalServers: existingKafka.internalServers,
      shared: { security, clusterId, replicationFactor, maxRecordBytes: recordBytes(args.maxRecordMb) },
    };
  }
  const { logLevel, coordination } = args;
  const zookeeper =
    coordination === "kraft" ? undefined : new ZooKeeper(named("zookeeper"), { ...stack, logLevel }, opts);
  const { bootstrapServers, internalServers, container, data } = new Kafka(
    named("kafka"),
    {
      ...stack,
      logLevel,
      port: args.kafkaPort,
      maxRecordMb: args.maxRecordMb,
      memoryMb: args.kafkaMemoryMb,
      zookeeper,
    },
    opts,
  );
  return { bootstrapServers, internalServers, container, data };
}

/** What clients of it are told; nothing where it asks nothing. */
export function securityOf({ shared }: KafkaPart): { kafkaSecurity?: KafkaSecurity } {
  return shared && Object.keys(shared.security).length > 0 ? { kafkaSecurity: shared.security } : {};
}
