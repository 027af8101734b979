import * as pulumi from "@pulumi/pulumi";
import type { DebeziumConnector } from "../connector";
import { type Consumer, consumerKind } from "../consumer";
import { type ExistingParts, existingParts } from "../existing/parts";
import type { Topics } from "../topics";
import type { PipelineArgs } from "./pipeline-args";
import type { CapturePart } from "./pipeline-capture";
import type { ConnectPart } from "./pipeline-connect";
import { sourceDatabase } from "./pipeline-connector";
import type { PipelineDatabase } from "./pipeline-database";
import type { KafkaPart } from "./pipeline-kafka";

/** A pipeline's outputs, which a stack exports. */
export interface PipelineOutputs {
  /** Kafka Connect's REST API, as in `http://127.0.0.1:8083`. */
  connectUrl: pulumi.Output<string>;
  /** The token that it requires with a config, as `Authorization: Bearer …`: a secret. */
  connectToken: pulumi.Output<string>;
  /** Kafka for clients on this machine, as in `127.0.0.1:29092`. */
  bootstrapServers: string;
  /** `postgres://user:password@host:port/database`, a secret. */
  databaseUrl: pulumi.Output<string>;
  /** Where the database is, if somebody else runs it, as in `db.example:5432`. */
  existingDatabase?: string;
  /** Topics of the captured tables. */
  topics: pulumi.Output<string[]>;
  /** RUNNING once records flow. */
  connectorState: pulumi.Output<string>;
  /** The page of the project's consumer, as in `http://localhost:8088`. */
  feedUrl?: pulumi.Output<string>;
  /** Existing parts, with their addresses and logins. A secret; absent when all parts are the stack's. */
  existing?: pulumi.Output<ExistingParts>;
  /** Address of the user's own consumer, which need not have the project's page and feed. */
  consumerUrl?: pulumi.Output<string>;
}

/** The parts of a pipeline from which the outputs come. */
interface Parts {
  kafka: KafkaPart;
  database: PipelineDatabase;
  captured: CapturePart;
  topics: Topics;
  connect: ConnectPart;
  connector: DebeziumConnector;
  consumer: Consumer | undefined;
}

export function outputsOf(
  args: PipelineArgs,
  { kafka, database, captured, topics, connect, connector, consumer }: Parts,
): PipelineOutputs {
  const elsewhere = args.existingConnect && { url: args.existingConnect.url, security: connect.security };
  const source = args.existingDatabase && sourceDatabase(args, { database, captured });
  const existing = existingParts(kafka, elsewhere, connect.labels, source);
  return {
    ...(existing && { existing: pulumi.secret(existing) }),
    connectUrl: connect.url,
    connectToken: captured.connectToken,
    bootstrapServers: kafka.bootstrapServers,
    databaseUrl: database.url,
    ...(args.existingDatabase && { existingDatabase: `${database.address.host}:${database.address.port}` }),
    topics: topics.names,
    connectorState: connector.state,
    ...(consumer && { [consumerKind(args.consumer) === "own" ? "consumerUrl" : "feedUrl"]: consumer.url }),
  };
}
