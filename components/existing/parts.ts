import type * as pulumi from "@pulumi/pulumi";
import type { SourceDatabase } from "../connector";
import type { KafkaPart } from "../pipeline/pipeline-kafka";
import type { ConnectAccess } from "./connect/connect-access";
import type { KafkaAccess } from "./kafka/kafka-access";

/** What of a pipeline is somebody else's, for the commands: where it is, and how to get in. */
export interface ExistingParts {
  kafka?: KafkaAccess;
  connect?: ConnectAccess;
  /** What the labels of Connect's container would say, were it the stack's. */
  labels?: Record<string, string>;
  /** The way into the database as the connector's role, which Connect's container would have in files. */
  database?: SourceDatabase;
}

/** Pure: undefined where all is the stack's own. */
export function existingParts(
  { bootstrapServers, shared }: KafkaPart,
  connect?: ConnectAccess,
  labels: Record<string, string> = {},
  database?: pulumi.Inputs,
): pulumi.Inputs | undefined {
  if (shared === undefined) return undefined;
  return {
    kafka: { servers: bootstrapServers, ...shared.security },
    ...(connect && { connect, labels, ...(database && { database }) }),
  };
}
