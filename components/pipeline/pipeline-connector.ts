import * as pulumi from "@pulumi/pulumi";
import { changedTablesSql, lookSql } from "../capture";
import type { Connect } from "../connect";
import { groupPrefixOf, OWN_KAFKA } from "../existing/kafka/group-names";
import { DebeziumConnector, type DebeziumConnectorArgs, postgresSource } from "../connector";
import type { Topics } from "../topics";
import { placeOf } from "../database/address";
import type { PipelineArgs } from "./pipeline-args";
import type { CapturePart } from "./pipeline-capture";
import type { ConnectPart } from "./pipeline-connect";
import type { PipelineDatabase } from "./pipeline-database";
import { type KafkaPart, securityOf } from "./pipeline-kafka";

/** The parts that the connector connects. */
interface ConnectorParts {
  captured: CapturePart;
  topics: Topics;
  connect: ConnectPart;
  kafka: KafkaPart;
  database: PipelineDatabase;
}

/** The connector of a pipeline, in its Kafka Connect. */
export function pipelineConnector(
  args: PipelineArgs,
  parts: ConnectorParts,
  own: pulumi.ComponentResourceOptions,
): DebeziumConnector {
  const { connect, kafka, topics, database, captured } = parts;
  const { kafkaSecurity } = securityOf(kafka);
  const passwordCommand = args.existingDatabase?.passwordCommand;
  return new DebeziumConnector(
    args.connectorName,
    {
      connectUrl: connect.url,
      ...(connect.workers.length > 0 && { connectToken: captured.connectToken }),
      ...(connect.security && { connectSecurity: pulumi.secret(connect.security) }),
      connectorName: args.connectorName,
      config: sourceConfig(args, parts),
      ...(connect.secretConfig && { secretConfig: connect.secretConfig }),
      database: sourceDatabase(args, parts),
      observer: {
        user: args.user,
        password: args.password,
        ...(passwordCommand !== undefined && { passwordCommand }),
      },
      secretsVersion: connect.secretsVersion,
      ...(connect.workers.length > 0 && { worker: idsOf(connect.workers) }),
      bootstrapServers: kafka.bootstrapServers,
      ...(kafkaSecurity && { kafkaSecurity: pulumi.secret(kafkaSecurity) }),
      ...(kafka.shared && { groupPrefix: groupPrefixOf(args) }),
      kafkaCluster: kafka.shared?.clusterId ?? OWN_KAFKA,
      tableIds: captured.capture.tableIds,
      captureId: captured.capture.captureId,
      missed: args.found.missed,
    },
    {
      ...own,
      provider: captured.provider,
      dependsOn: connect.workers.length > 0 ? connect.workers : topics,
      // In an existing database, the connector's deletion drops the slot: a slot that is left would keep the log there for ever.
      ...(database.postgres && { deletedWith: kafka.data }),
    },
  );
}

/** The database, as this machine reaches it and as the connector's role. */
export function sourceDatabase(
  { database: name }: PipelineArgs,
  { database, captured }: Pick<ConnectorParts, "database" | "captured">,
): DebeziumConnectorArgs["database"] {
  return { ...database.address, database: name, user: captured.capture.role, password: captured.rolePassword };
}

/** Debezium's configuration: the database as Kafka Connect reaches it, and the tables that are read. */
function sourceConfig(args: PipelineArgs, { connect, kafka, topics, database, captured }: ConnectorParts) {
  const { topicPrefix, captureName, snapshotMode, exactlyOnce, maxRecordMb } = args;
  const { capture, declared } = captured;
  const { host: hostname, port } = placeOf(args.databaseAddress, { host: database.hostname, port: database.port });
  return postgresSource({
    ...{ hostname, port },
    tls: connect.databaseTls,
    database: args.database,
    user: capture.role,
    password: connect.references["database.password"],
    extensions: connect.extensions,
    producerOverrides: connect.producerOverrides,
    unlisted: connect.unlisted,
    workerTakesRecords: connect.workers.length > 0,
    topicPrefix,
    tables: topics.tables,
    leftOut: capture.generated,
    slotName: capture.slotName,
    publication: capture.publication,
    signalTable: capture.signalTable,
    changedTables: changedTablesSql(declared.signalTable, captureName),
    look: lookSql(declared.signalTable),
    ...{ snapshotMode, exactlyOnce, maxRecordMb },
    replicationFactor: kafka.shared?.replicationFactor ?? kafka.durability?.copies ?? 1,
    overrides: { ...args.connectorConfig, ...connect.references },
  });
}

/** A text that changes when one of the workers' containers is replaced. */
function idsOf(workers: readonly Connect[]): pulumi.Output<string> {
  return pulumi.all(workers.map(({ container }) => container.id)).apply((ids) => ids.join(","));
}
