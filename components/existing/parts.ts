import type * as pulumi from "@pulumi/pulumi";
import type { SourceDatabase } from "../connector";
import type { KafkaPart } from "../pipeline/pipeline-kafka";
import type { ConnectAccess } from "./connect/connect-access";
import type { KafkaAccess } from "./kafka/kafka-access";

/** Address and login of a pipeline's existing parts, for the commands. */
export interface ExistingParts {
  kafka?: KafkaAccess;
  connect?: ConnectAccess;
  /** The labels that Connect's container would have if the stack had one. */
  labels?: Record<string, string>;
  /** Address and login of the database as the connector's role. Connect's container would have them in files. */
  database?: SourceDatabase;
}

/** Pure: undefined when all parts are the stack's own. */
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
