import type * as pulumi from "@pulumi/pulumi";
import { indexes, memberPort, memberRole } from "../cluster/members";
import { Consumer, type ConsumerArgs, pageUrl } from "../consumer";
import type { PipelineArgs } from "./pipeline-args";

/** What is the same for all of them, and does not follow from the pipeline's arguments alone. */
type Common = Omit<
  ConsumerArgs,
  | "image"
  | "port"
  | "memoryMb"
  | "connectorConfig"
  | "furtherTopics"
  | "connectorName"
  | "logFormat"
  | "logLevel"
  | "handlerEnv"
  | "handlerSecrets"
  | "member"
>;

/**
 * Makes the consumers, all in one group, the first one first; none without an image.
 *
 * @param common the slot is looked after by the first one alone
 */
export function pipelineConsumers(
  named: (role: string) => string,
  args: PipelineArgs,
  { slot, ...common }: Common,
  image: { reference: pulumi.Input<string> } | undefined,
  opts: pulumi.ComponentResourceOptions,
): Consumer[] {
  if (image === undefined) return [];
  const { consumers = 1, logFormat, logLevel, handlerEnv, handlerSecrets } = args;
  const ports = indexes(consumers).map((index) => memberPort(args.consumerPort, index));
  return ports.map(
    (port, at) =>
      new Consumer(
        named(memberRole("consumer", at + 1)),
        {
          ...{ ...common, image: image.reference, port, memoryMb: args.consumerMemoryMb },
          connectorConfig: args.connectorConfig,
          furtherTopics: args.consumerTopics,
          connectorName: args.connectorName,
          ...(at === 0 && slot && { slot }),
          ...{ logFormat, logLevel, handlerEnv, handlerSecrets },
          ...(consumers > 1 && { member: { index: at + 1, pages: ports.map(pageUrl) } }),
        },
        opts,
      ),
  );
}
