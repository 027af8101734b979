import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { SECRETS_FOLDER, secretsWorkerProperties } from "./connector";
import { overridesWorkerProperties } from "./client-overrides";
import { containerArgs, type StackArgs } from "./container";
import { answersHttp } from "./healthy";
import { javaProgram } from "./java";
import { beyondDefault, recordBytes } from "./kafka";
import type { LogLevel } from "./log-level";
import { properties } from "./properties";
import { type RestGuardArgs, restGuardProperties } from "./rest-guard";

export interface ConnectArgs extends StackArgs {
  image: pulumi.Input<string>;
  /** @default "info" */
  logLevel?: LogLevel;
  /** The largest record, in MB of 2^20 bytes. */
  maxRecordMb: number;
  /** Memory limit in MiB, without what larger records take. @default 1024 */
  memoryMb?: number;
  /** Port of the REST API on 127.0.0.1. */
  port: number;
  /** The broker's container: it stops after the worker, which leaves its group with its help. */
  broker: pulumi.Resource;
  /** Kafka's address on the stack's network. */
  internalServers: pulumi.Input<string>;
  /** What its REST API wants with a config. Only a hash of it reaches the container. */
  token: pulumi.Input<string>;
  /** Secret values that connectors refer to by file, each uploaded into `/kafka/secrets`. @default none */
  secretFiles?: { file: string; content?: pulumi.Input<string>; contentBase64?: pulumi.Input<string> }[];
  /** Labels of its container beside those that all have. @default none */
  labels?: Record<string, string>;
}

/** A Kafka Connect worker with Debezium. Its state lives in Kafka, so the container has no volume. */
export class Connect extends pulumi.ComponentResource {
  /** The REST API, from this machine: `http://127.0.0.1:8083`. */
  readonly url: pulumi.Output<string>;
  /** The REST API, from containers of the stack. */
  readonly internalUrl: pulumi.Output<string>;
  readonly container: docker.Container;

  constructor(name: string, args: ConnectArgs, opts?: pulumi.ComponentResourceOptions) {
    const { image: _image, network: _network, token, broker, labels = {}, memoryMb = USUAL_MB, ...own } = args;
    super("cdc:index:Connect", name, own, opts);
    this.container = new docker.Container(
      `${name}-container`,
      containerArgs({
        stack: args,
        role: "connect",
        image: args.image,
        labels,
        memoryMb: memoryMb + beyondDefault(args.maxRecordMb, 12),
        publish: { [REST_PORT]: args.port },
        ...javaProgram({
          options: "connect",
          cache: "connect",
          heapMb: 448 + (memoryMb - USUAL_MB) + beyondDefault(args.maxRecordMb, 12),
          // An event is some 15 kB of objects that live until the broker has it: the fewer collections, the fewer copies.
          youngMb: 300,
          logLevel: args.logLevel,
          main: "org.apache.kafka.connect.cli.ConnectDistributed",
          // A hash of a random word helps nobody, and a preview shows the rest.
          properties: pulumi.unsecret(
            pulumi.all([args.internalServers, args.prefix, token]).apply(([bootstrapServers, prefix, word]) =>
              workerProperties({
                ...{ bootstrapServers, maxRecordMb: args.maxRecordMb },
                guard: { hosts: [...HOSTS, `${prefix}-connect`], token: word },
              }),
            ),
          ),
        }),
        uploads: args.secretFiles ?? [],
        // 200 only when the worker has joined its group.
        healthy: answersHttp(REST_PORT, "/health"),
        // Time to leave its group: one that did not blocks the next for a session.
        destroyGraceSeconds: 3,
      }),
      { parent: this, dependsOn: broker },
    );
    this.url = pulumi.output(`http://127.0.0.1:${args.port}`);
    this.internalUrl = pulumi.output(`http://connect:${REST_PORT}`);
    this.registerOutputs({ url: this.url, internalUrl: this.internalUrl });
  }
}

/** What was measured, and a little more. */
const USUAL_MB = 1024;
const REST_PORT = 8083;
/** From this machine, from containers of the stack, and from other containers by way of this machine. */
const HOSTS = ["127.0.0.1", "localhost", "[::1]", "connect", "host.docker.internal"];

export interface WorkerArgs {
  /** Kafka as the worker reaches it. */
  bootstrapServers: string;
  /** The largest record, in MB of 2^20 bytes. */
  maxRecordMb: number;
  guard: RestGuardArgs;
}

/** Pure. */
export function workerProperties({ bootstrapServers, maxRecordMb, guard }: WorkerArgs): string {
  return properties("Kafka Connect worker", {
    "bootstrap.servers": bootstrapServers,
    "group.id": "connect",
    listeners: `http://0.0.0.0:${REST_PORT}`,
    "rest.advertised.host.name": "connect",
    // It starts with the broker, and asks again soon.
    "reconnect.backoff.max.ms": 100,

    // As in the compose file that this project began as.
    "config.storage.topic": "cdc_connect_configs",
    "offset.storage.topic": "cdc_connect_offsets",
    "status.storage.topic": "cdc_source_connect_statuses",
    "config.storage.replication.factor": 1,
    "offset.storage.replication.factor": 1,
    "offset.storage.partitions": 1,
    "status.storage.replication.factor": 1,
    "status.storage.partitions": 1,
    "topic.creation.enable": true,

    "plugin.path": "/kafka/connect",
    // Every plugin here declares itself; looking into every class takes seconds.
    "plugin.discovery": "service_load",
    ...overridesWorkerProperties(),
    ...restGuardProperties(guard),
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    "key.converter.schemas.enable": false,
    "value.converter": "org.apache.kafka.connect.json.JsonConverter",
    "value.converter.schemas.enable": false,

    // How much is sent again after the worker was killed.
    "offset.flush.interval.ms": 1000,
    // One worker need not wait five minutes for another to come back.
    "scheduled.rebalance.max.delay.ms": 0,
    "producer.max.request.size": recordBytes(maxRecordMb),
    ...secretsWorkerProperties(SECRETS_FOLDER),
  });
}
