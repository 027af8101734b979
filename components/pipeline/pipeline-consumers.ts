import type * as pulumi from "@pulumi/pulumi";
import { indexes, memberPort, memberRole } from "../cluster/members";
import { Consumer, type ConsumerArgs, consumerKind, pageUrl } from "../consumer";
import { groupOf, workerNames } from "../existing/kafka/group-names";
import { topicsBeside } from "../names/topic-names";
import type { Topics } from "../topics";
import type { PipelineArgs } from "./pipeline-args";
import type { CapturePart } from "./pipeline-capture";
import type { ConnectPart } from "./pipeline-connect";
import type { PipelineDatabase } from "./pipeline-database";
import { type KafkaPart, securityOf } from "./pipeline-kafka";

/** The parts from which the consumers read, and whose state they ask for. */
interface ConsumerParts {
  network: pulumi.Input<string>;
  kafka: KafkaPart;
  topics: Topics;
  connect: ConnectPart;
  database: PipelineDatabase;
  captured: CapturePart;
}

/** Makes the consumers, all in one group, the first one first; none without an image. */
export function pipelineConsumers(
  named: (role: string) => string,
  args: PipelineArgs,
  { network, kafka, topics, connect, database, captured }: ConsumerParts,
  image: { reference: pulumi.Input<string> } | undefined,
  opts: pulumi.ComponentResourceOptions,
): Consumer[] {
  if (image === undefined) return [];
  const { consumers = 1, prefix, connectorConfig, connectorName, logFormat, logLevel } = args;
  const common: Omit<ConsumerArgs, "port"> = {
    prefix,
    network,
    imageIds: args.found.imageIds,
    image: image.reference,
    own: consumerKind(args.consumer) === "own",
    memoryMb: args.consumerMemoryMb,
    brokers: kafka.containers,
    internalServers: kafka.internalServers,
    ...securityOf(kafka),
    group: groupOf(args),
    topics: topics.names,
    ...topicsBeside(args.topicPrefix),
    ...{ connectorConfig, connectorName, furtherTopics: args.consumerTopics },
    connectUrl: connect.internalUrl,
    connectSecurity: connect.security,
    // Inside a container, this machine has another name, which only Kafka Connect's container knows.
    ...(!database.findsHost && { databaseAddress: `${database.hostname}:${database.port}` }),
    ...{ logFormat, logLevel, handlerEnv: args.handlerEnv, handlerSecrets: args.handlerSecrets },
  };
  const { slotName, publication, role, rolePassword } = captured.declared;
  // A connector that does not stream makes no slot. A consumer that watched it would miss it for ever.
  const hasSlot = args.snapshotMode !== "initial_only";
  // The slot is given by its name, and not by the capture's output, for which a destroy would have to wait. In an existing database, no consumer looks at the slot.
  const slot = database.postgres &&
    hasSlot && {
      ...{ name: slotName, publication, user: role, password: rolePassword, database: args.database },
      ...(connect.workers.length > 0 && { offsetsTopic: workerNames(args.existingKafka && prefix).offset }),
    };
  const ports = indexes(consumers).map((index) => memberPort(args.consumerPort, index));
  return ports.map(
    (port, at) =>
      new Consumer(
        named(memberRole("consumer", at + 1)),
        {
          ...{ ...common, port },
          ...(hasSlot && { slotName }),
          // Only the first consumer looks at the connector's slot.
          ...(at === 0 && slot && { slot }),
          ...(consumers > 1 && { member: { index: at + 1, pages: ports.map(pageUrl) } }),
        },
        opts,
      ),
  );
}
