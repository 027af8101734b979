import * as pulumi from "@pulumi/pulumi";
import { foreignTls } from "../existing/connect/connect-database";
import { Connect, type ConnectArgs } from "../connect";
import { secretFiles } from "../connector";
import type { SecretFile } from "../connector/secrets/secrets";
import { consumerKind } from "../consumer";
import type { ConnectSecurity } from "../existing/connect/connect-access";
import type { StackArgs } from "../container/container";
import { CONNECTOR_LABEL, CONSUMER_LABEL, coordinationLabels } from "../container/labels";
import { indexes, memberPort, memberRole } from "../cluster/members";
import type { Topics } from "../topics";
import type { PipelineArgs } from "./pipeline-args";
import type { CapturePart } from "./pipeline-capture";
import type { PipelineDatabase } from "./pipeline-database";
import type { KafkaPart } from "./pipeline-kafka";

/** The Kafka Connect of a pipeline: its own worker, or a cluster that somebody else runs. */
export interface ConnectPart {
  /** The REST API, as this machine reaches it, and as containers of the stack do, if they do: of several workers all, separated by commas. */
  url: pulumi.Output<string>;
  internalUrl?: pulumi.Input<string>;
  /** What it requires of its users. */
  security?: ConnectSecurity;
  /** Whether it has the classes of images/kafka/extensions. */
  extensions: boolean;
  /** Whether a connector may set its producer. */
  producerOverrides: boolean;
  /** Keys of the stack's own that its Debezium does not know, and that can be left out. @default none */
  unlisted?: readonly string[];
  /** Debezium's settings for TLS to the database. */
  databaseTls?: Record<string, string>;
  /** The workers, where they are the stack's. */
  workers: Connect[];
  /** References to secrets for the connector's config; where no references work, the secrets themselves. */
  references: Record<string, string>;
  secretConfig?: Record<string, pulumi.Output<string>>;
  /** Changes when one of the secrets does. */
  secretsVersion: pulumi.Output<string>;
  /** Labels of the worker's container, which commands read. */
  labels: Record<string, string>;
}

/** The parts that a Kafka Connect works with. */
interface ConnectParts {
  stack: StackArgs & { image: () => pulumi.Input<string> };
  kafka: KafkaPart;
  topics: Topics;
  database: PipelineDatabase;
  captured: CapturePart;
}

/** Makes the workers, unless there is a cluster already. */
export function pipelineConnect(
  named: (role: string) => string,
  args: PipelineArgs,
  parts: ConnectParts,
  opts: pulumi.ComponentResourceOptions,
): ConnectPart {
  return args.existingConnect
    ? existingCluster(args, args.existingConnect, parts)
    : ownWorkers(named, args, parts, opts);
}

/** An existing cluster has no files of the stack, so secrets are in the connector's config. */
function existingCluster(
  args: PipelineArgs,
  { url }: NonNullable<PipelineArgs["existingConnect"]>,
  { database, captured }: ConnectParts,
): ConnectPart {
  const { security, extensions, overrides, unlisted } = args.found.connect!;
  const secrets = secretsOf(args, captured);
  // A reference that the user gives wins: the cluster itself resolves it.
  const given = Object.entries(secrets).filter(([key]) => !(key in args.connectorConfig));
  return {
    url: pulumi.output(url),
    ...(isSeenByContainers(url) && { internalUrl: url }),
    ...(security && { security }),
    ...{ extensions, producerOverrides: overrides, unlisted, workers: [], references: {} },
    secretsVersion: secretFiles(secrets).version,
    ...(args.existingDatabase && { databaseTls: foreignTls(args.existingDatabase.tls, args.connectorConfig).config }),
    labels: labelsOf(args, database),
    secretConfig: Object.fromEntries(given.map(([key, word]) => [key, pulumi.secret(word)])),
  };
}

function ownWorkers(
  named: (role: string) => string,
  args: PipelineArgs,
  parts: ConnectParts,
  opts: pulumi.ComponentResourceOptions,
): ConnectPart {
  const { config: references, files, version: secretsVersion } = secretFiles(secretsOf(args, parts.captured));
  const image = parts.stack.image();
  const workers = indexes(args.connectWorkers).map(
    (index) =>
      new Connect(named(memberRole("connect", index)), { ...workerArgs(index, args, parts, files), image }, opts),
  );
  const { database } = parts;
  return {
    url: workers[0]!.url,
    internalUrl: pulumi.all(workers.map((worker) => worker.internalUrl)).apply((urls) => urls.join(",")),
    ...{ extensions: true, producerOverrides: true, databaseTls: database.tls?.config },
    ...{ workers, references, secretsVersion, labels: labelsOf(args, database) },
  };
}

/** Arguments of the n-th worker. */
function workerArgs(
  index: number,
  args: PipelineArgs,
  { stack, kafka, topics: { compacted: topics }, database, captured }: ConnectParts,
  files: SecretFile[],
): Omit<ConnectArgs, "image"> {
  const { connectWorkers = 1, connectSecrets = {}, prefix, connectorName, maxRecordMb, logLevel } = args;
  const { durability: { copies } = { copies: 1 } } = kafka;
  return {
    ...{ prefix: stack.prefix, network: stack.network, imageIds: stack.imageIds },
    ...{ maxRecordMb, logLevel, token: captured.connectToken },
    labels: { ...labelsOf(args, database), ...coordinationLabels(args.coordination) },
    ...(args.connectPlugins !== undefined && { plugins: true }),
    port: memberPort(args.connectPort, index),
    ...(args.exactlyOnce && { exactlyOnce: connectWorkers > 1 ? {} : { connectorName } }),
    memoryMb: args.connectMemoryMb,
    brokers: kafka.containers,
    internalServers: kafka.internalServers,
    existing: kafka.shared && { ...kafka.shared, name: prefix, topics },
    ...((connectWorkers > 1 || copies > 1) && { member: { index, workers: connectWorkers, copies, topics } }),
    secretFiles: [...files, ...database.files, ...secretFiles(connectSecrets).files],
    findsHost: database.findsHost,
    prepare: database.tls?.prepare,
  };
}

/** Keys of the connector's config whose values are secret. */
function secretsOf(
  { connectorSecrets }: PipelineArgs,
  { rolePassword }: CapturePart,
): Record<string, pulumi.Input<string>> {
  return { "database.password": rolePassword, ...connectorSecrets };
}

/** Labels by which commands find the database, and a consumer that is not the project's. */
function labelsOf({ consumer, connectorName }: PipelineArgs, database: PipelineDatabase): Record<string, string> {
  const kind = consumerKind(consumer);
  return {
    ...database.labels,
    ...(kind !== "handler" && { [CONSUMER_LABEL]: kind, [CONNECTOR_LABEL]: connectorName }),
  };
}

function isSeenByContainers(url: string): boolean {
  return !/^(localhost|127(\.\d+){3})$/.test(new URL(url).hostname);
}
