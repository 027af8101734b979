import * as pulumi from "@pulumi/pulumi";
import { changedTablesSql, type PostgresCapture } from "../capture";
import type { Connect } from "../connect";
import { DebeziumConnector, type DebeziumConnectorArgs, postgresSource } from "../connector";
import type { Topics } from "../topics";
import type { PipelineArgs } from "./pipeline-args";
import type { ConnectPart } from "./pipeline-connect";
import type { PipelineDatabase } from "./pipeline-database";
import { type KafkaPart, securityOf } from "./pipeline-kafka";

/** What the connector connects. */
interface ConnectorParts {
  capture: PostgresCapture;
  topics: Topics;
  connect: ConnectPart;
  kafka: KafkaPart;
  database: PipelineDatabase;
  /** The database, as this machine reaches it and as the connector's role. */
  source: DebeziumConnectorArgs["database"];
  connectToken: pulumi.Input<string>;
  signalTable: string;
}

/** The connector of a pipeline, in its Kafka Connect. */
export function pipelineConnector(
  args: PipelineArgs,
  { capture, topics, connect, kafka, database, source, connectToken, signalTable }: ConnectorParts,
  opts: pulumi.CustomResourceOptions,
): DebeziumConnector {
  const { topicPrefix, connectorName, captureName, found } = args;
  const { kafkaSecurity } = securityOf(kafka);
  const passwordCommand = args.existingDatabase?.passwordCommand;
  const [databaseHost = database.hostname, databasePort = database.port] =
    args.databaseAddress?.split(":").filter(Boolean) ?? [];
  return new DebeziumConnector(
    connectorName,
    {
      connectUrl: connect.url,
      ...(connect.workers.length > 0 && { connectToken }),
      ...(connect.security && { connectSecurity: pulumi.secret(connect.security) }),
      connectorName,
      config: postgresSource({
        hostname: databaseHost,
        port: Number(databasePort),
        tls: connect.databaseTls,
        database: args.database,
        user: capture.role,
        password: connect.references["database.password"],
        extensions: connect.extensions,
        producerOverrides: connect.producerOverrides,
        topicPrefix,
        tables: topics.tables,
        leftOut: capture.generated,
        slotName: capture.slotName,
        publication: capture.publication,
        signalTable: capture.signalTable,
        changedTables: changedTablesSql(signalTable, captureName),
        snapshotMode: args.snapshotMode,
        exactlyOnce: args.exactlyOnce,
        maxRecordMb: args.maxRecordMb,
        replicationFactor: kafka.shared?.replicationFactor ?? kafka.durability?.copies,
        overrides: { ...args.connectorConfig, ...connect.references },
      }),
      ...(connect.secretConfig && { secretConfig: connect.secretConfig }),
      database: source,
      observer: {
        user: args.user,
        password: args.password,
        ...(passwordCommand !== undefined && { passwordCommand }),
      },
      secretsVersion: connect.secretsVersion,
      ...(connect.workers.length > 0 && { worker: idsOf(connect.workers) }),
      bootstrapServers: kafka.bootstrapServers,
      ...(kafkaSecurity && { kafkaSecurity: pulumi.secret(kafkaSecurity) }),
      tableIds: capture.tableIds,
      missed: found.missed,
    },
    opts,
  );
}

/** Another text when one of the workers' containers is replaced. */
function idsOf(workers: readonly Connect[]): pulumi.Output<string> {
  return pulumi.all(workers.map(({ container }) => container.id)).apply((ids) => ids.join(","));
}
