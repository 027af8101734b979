import * as pulumi from "@pulumi/pulumi";
import type { KafkaSecurity } from "../existing/kafka/kafka-access";
import { Kafka } from "../kafka";
import { recordBytes } from "../connector/config/record-size";
import { type Durability, durabilityOf } from "../cluster/durability";
import { indexes, memberPort, memberRole } from "../cluster/members";
import type { StackArgs } from "../container/container";
import type { PipelineArgs } from "./pipeline-args";
import type { SharedCluster } from "../topics";
import { ZooKeeper } from "../zookeeper";

/** The Kafka of a pipeline: its own broker, or one that somebody else runs. */
export interface KafkaPart {
  /** As this machine reaches it, and as containers of the stack do. */
  bootstrapServers: string;
  internalServers: pulumi.Input<string>;
  /** The brokers' containers, and the first one's volume, where they are the stack's. */
  containers?: pulumi.Resource[];
  data?: pulumi.Resource;
  /** Copies of each record, if the stack has several brokers. */
  durability?: Durability;
  /** For an existing Kafka: what it requires of its clients, and facts about it. */
  shared?: SharedCluster;
}

/** Makes the broker, and ZooKeeper if the broker needs it, unless there is an existing Kafka. @param image makes the image that both run */
export function pipelineKafka(
  named: (role: string) => string,
  args: PipelineArgs,
  stack: StackArgs & { image: pulumi.Input<string> },
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
  const { logLevel, coordination, brokers = 1 } = args;
  const zookeeper =
    coordination === "kraft" ? undefined : new ZooKeeper(named("zookeeper"), { ...stack, logLevel }, opts);
  const durability = durabilityOf(args);
  const members = indexes(brokers).map(
    (index) =>
      new Kafka(
        named(memberRole("kafka", index)),
        {
          ...stack,
          logLevel,
          port: memberPort(args.kafkaPort, index),
          maxRecordMb: args.maxRecordMb,
          memoryMb: args.kafkaMemoryMb,
          flushBeforeAck: args.flushBeforeAck,
          zookeeper,
          ...(brokers > 1 && { member: { index, brokers, ...durability }, quorum: found.quorum }),
        },
        opts,
      ),
  );
  return {
    bootstrapServers: members.map(({ bootstrapServers }) => bootstrapServers).join(","),
    internalServers: pulumi.all(members.map(({ internalServers }) => internalServers)).apply((all) => all.join(",")),
    containers: members.map(({ container }) => container),
    data: members[0]!.data,
    ...(brokers > 1 && { durability }),
  };
}

/** Security settings for its clients; none when it requires none. */
export function securityOf({ shared }: KafkaPart): { kafkaSecurity?: KafkaSecurity } {
  return shared && Object.keys(shared.security).length > 0 ? { kafkaSecurity: shared.security } : {};
}
