import * as pulumi from "@pulumi/pulumi";
import { connectorTopics } from "../costs";
import { workerTopics } from "../existing/kafka/group-names";
import { compactionLoss } from "../settings/cleanup-policy";
import { keptDeletes } from "../settings/kept-deletes";
import { unheardMessages } from "../settings/own-messages";
import { topicsBeside } from "../names/topic-names";
import { Topics, type TopicsArgs } from "../topics";
import type { PipelineArgs } from "./pipeline-args";
import type { KafkaPart } from "./pipeline-kafka";

/** Makes the topics of a pipeline: those of its tables, and those beside them. */
export function pipelineTopics(
  name: string,
  args: PipelineArgs,
  { kafka, captured, pluginAfter }: { kafka: KafkaPart } & Pick<TopicsArgs, "captured" | "pluginAfter">,
  opts: pulumi.ComponentResourceOptions,
): Topics {
  const losses = [
    compactionLoss(args.cleanupPolicy, args.replicaIdentity),
    keptDeletes(args.cleanupPolicy, args.connectorConfig),
    unheardMessages(args.topicPrefix, args.connectorConfig),
  ];
  for (const loss of losses) if (loss !== undefined) void pulumi.log.warn(loss);
  const { messageTopic, deadLetterTopic, retryTopic } = topicsBeside(args.topicPrefix);
  return new Topics(
    name,
    {
      bootstrapServers: kafka.bootstrapServers,
      cluster: kafka.shared,
      prefix: args.topicPrefix,
      tables: args.tables,
      captured,
      // In an existing Kafka, nobody else may be allowed to make topics, and the stack's topics go with the stack. With several brokers, topics need copies.
      others: [messageTopic, ...(kafka.shared || kafka.durability ? connectorTopics(args) : [])],
      compacted: workerTopics(args),
      partitions: args.partitions,
      minInsyncReplicas: args.minInsyncReplicas,
      existing: args.found.existing,
      staying: args.found.staying,
      retentionMs: args.retentionMs,
      cleanupPolicy: args.cleanupPolicy,
      keeps: args.keepTopics,
      // People may look at a dead letter only after weeks. The record on the retry topic marks it as sent back.
      kept: [deadLetterTopic, retryTopic],
      ...(kafka.durability && { ...kafka.durability, brokers: args.brokers }),
      containers: kafka.containers,
      data: kafka.data,
      pluginAfter,
    },
    opts,
  );
}
