import * as pulumi from "@pulumi/pulumi";
import { foreignTls } from "../existing/connect/connect-database";
import { Connect } from "../connect";
import { secretFiles } from "../connector";
import { consumerKind } from "../consumer";
import type { ConnectSecurity } from "../existing/connect/connect-access";
import { CONNECTOR_LABEL, CONSUMER_LABEL, coordinationLabels } from "../container/labels";
import { indexes, memberPort, memberRole } from "../cluster/members";
import type { PipelineArgs } from "./pipeline-args";
import type { PipelineDatabase } from "./pipeline-database";
import type { KafkaPart } from "./pipeline-kafka";

/** The Kafka Connect of a pipeline: its own worker, or a cluster that somebody else runs. */
export interface ConnectPart {
  /** The REST API, as this machine reaches it, and as containers of the stack do, if they do: of several workers all, separated by commas. */
  url: pulumi.Output<string>;
  internalUrl?: pulumi.Input<string>;
  /** What it asks of those who use it. */
  security?: ConnectSecurity;
  /** Whether it has the classes of images/kafka/extensions. */
  extensions: boolean;
  /** Whether a connector may set its producer. */
  producerOverrides: boolean;
  /** What Debezium is told of TLS to the database. */
  databaseTls?: Record<string, string>;
  /** The workers, where they are the stack's. */
  workers: Connect[];
  /** References to secrets, for the connector's config, and where there can be none, themselves. */
  references: Record<string, string>;
  secretConfig?: Record<string, pulumi.Output<string>>;
  /** Changes when one of them does. */
  secretsVersion: pulumi.Output<string>;
  /** Labels of the worker's container: what commands ask it for. */
  labels: Record<string, string>;
}

/** Makes the workers, unless there is a cluster already. @param token what the own worker wants with a config @param secrets keys of the connector's config that nobody else may read */
export function pipelineConnect(
  named: (role: string) => string,
  args: PipelineArgs,
  stack: { prefix: string; network: pulumi.Input<string>; image: () => pulumi.Input<string> },
  kafka: KafkaPart & { topics: pulumi.Resource[] },
  token: pulumi.Input<string>,
  secrets: Record<string, pulumi.Input<string>>,
  database: PipelineDatabase,
  opts: pulumi.ComponentResourceOptions,
): ConnectPart {
  const consumes = consumerKind(args.consumer);
  const labels: Record<string, string> =
    consumes === "handler" ? {} : { [CONSUMER_LABEL]: consumes, [CONNECTOR_LABEL]: args.connectorName };
  const { config: references, files, version: secretsVersion } = secretFiles(secrets);
  const { existingConnect, found } = args;
  if (existingConnect !== undefined) {
    const { security, extensions, overrides } = found.connect!;
    // A reference of the user's own, to what the cluster reads by itself, wins.
    const given = Object.entries(secrets).filter(([key]) => !(key in args.connectorConfig));
    return {
      url: pulumi.output(existingConnect.url),
      ...(isSeenByContainers(existingConnect.url) && { internalUrl: existingConnect.url }),
      ...(security && { security }),
      ...{ extensions, producerOverrides: overrides, workers: [], references: {}, secretsVersion },
      ...(args.existingDatabase && { databaseTls: foreignTls(args.existingDatabase.tls, args.connectorConfig).config }),
      labels: { ...database.labels, ...labels },
      secretConfig: Object.fromEntries(given.map(([key, word]) => [key, pulumi.secret(word)])),
    };
  }
  const { connectWorkers = 1 } = args;
  const { durability: { copies } = { copies: 1 }, topics } = kafka;
  const image = stack.image();
  const workers = indexes(connectWorkers).map(
    (index) =>
      new Connect(
        named(memberRole("connect", index)),
        {
          ...{ prefix: stack.prefix, network: stack.network, image },
          labels: { ...database.labels, ...labels, ...coordinationLabels(args.coordination) },
          ...(args.connectPlugins !== undefined && { plugins: true }),
          port: memberPort(args.connectPort, index),
          maxRecordMb: args.maxRecordMb,
          ...(args.exactlyOnce && {
            exactlyOnce: connectWorkers > 1 ? {} : { connectorName: args.connectorName },
          }),
          memoryMb: args.connectMemoryMb,
          logLevel: args.logLevel,
          brokers: kafka.containers,
          internalServers: kafka.internalServers,
          existing: kafka.shared && { ...kafka.shared, name: args.prefix, topics },
          ...((connectWorkers > 1 || copies > 1) && { member: { index, workers: connectWorkers, copies, topics } }),
          token,
          secretFiles: [...files, ...database.files],
          findsHost: database.findsHost,
          prepare: database.tls?.prepare,
        },
        opts,
      ),
  );
  const internalUrl = pulumi.all(workers.map((worker) => worker.internalUrl)).apply((urls) => urls.join(","));
  const own = { extensions: true, producerOverrides: true, databaseTls: database.tls?.config };
  return { url: workers[0]!.url, internalUrl, ...own, workers, references, secretsVersion, labels };
}

function isSeenByContainers(url: string): boolean {
  return !/^(localhost|127(\.\d+){3})$/.test(new URL(url).hostname);
}
