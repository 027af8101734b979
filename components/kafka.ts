import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { after, bare } from "./container/bare";
import { containerArgs, type StackArgs, volumeArgs } from "./container/container";
import { answersTcp } from "./container/healthy";
import { javaProgram } from "./container/java";
import type { LogLevel } from "./settings/log-level";
import { properties } from "./container/properties";
import { beyondDefault, MAX_RECORD_MB, recordBytes } from "./settings/record-size";

export interface KafkaArgs extends StackArgs {
  image: pulumi.Input<string>;
  /** @default "info" */
  logLevel?: LogLevel;
  /** The largest record, in MB of 2^20 bytes. */
  maxRecordMb: number;
  /** Memory limit in MiB, without what larger records take. @default 768 */
  memoryMb?: number;
  /** Port on 127.0.0.1 for clients on this machine. */
  port: number;
  /** ZooKeeper's address on the stack's network, and its container, which starts before the broker. */
  zookeeper: { address: pulumi.Input<string>; container: pulumi.Resource };
}

/** One Kafka broker. Topics are resources: it makes none by itself. */
export class Kafka extends pulumi.ComponentResource {
  /** For clients on this machine: `127.0.0.1:29092`. */
  readonly bootstrapServers: string;
  /** For containers of the stack: `kafka:9092`. */
  readonly internalServers: pulumi.Output<string>;
  readonly container: docker.Container;
  /** The volume that everything made in it lives in. */
  readonly data: docker.Volume;

  constructor(name: string, args: KafkaArgs, opts?: pulumi.ComponentResourceOptions) {
    const { image: _image, network: _network, zookeeper: _zookeeper, memoryMb = USUAL_MB, ...own } = args;
    super("cdc:index:Kafka", name, own, opts);
    this.data = new docker.Volume(`${name}-data`, volumeArgs(args.prefix, "kafka-data"), { parent: this });
    this.container = new docker.Container(
      `${name}-container`,
      containerArgs({
        stack: args,
        role: "kafka",
        image: args.image,
        memoryMb: memoryMb + beyondDefault(args.maxRecordMb, 4),
        publish: { [EXTERNAL_PORT]: args.port },
        ...javaProgram({
          options: "kafka",
          cache: "server",
          // The other half is for the page cache, which the broker reads from.
          heapMb: 256 + Math.floor((memoryMb - USUAL_MB) / 2) + beyondDefault(args.maxRecordMb, 4),
          logLevel: args.logLevel,
          main: "kafka.Kafka",
          properties: pulumi
            .output(args.zookeeper.address)
            .apply((zookeeper) =>
              brokerProperties({ zookeeper, advertised: `127.0.0.1:${args.port}`, maxRecordMb: args.maxRecordMb }),
            ),
        }),
        volumes: [{ volumeName: bare(this.data.name), containerPath: "/kafka/data" }],
        healthy: answersTcp(INTERNAL_PORT),
        destroyGraceSeconds: 5,
      }),
      { parent: this, dependsOn: after(args.zookeeper.container) },
    );
    this.bootstrapServers = `127.0.0.1:${args.port}`;
    this.internalServers = pulumi.output(`kafka:${INTERNAL_PORT}`);
    this.registerOutputs({ bootstrapServers: this.bootstrapServers, internalServers: this.internalServers });
  }
}

/** What was measured, and a little more. */
const USUAL_MB = 768;
const INTERNAL_PORT = 9092;
const EXTERNAL_PORT = 29092;

interface BrokerAddresses {
  zookeeper: string;
  /** Address that clients on this machine are told to use. */
  advertised: string;
  /** @default 16 */
  maxRecordMb?: number;
}

export function brokerProperties({ zookeeper, advertised, maxRecordMb = MAX_RECORD_MB }: BrokerAddresses): string {
  return properties("Kafka broker", {
    "broker.id": 1,
    "zookeeper.connect": zookeeper,
    // A broker that was killed comes back after the session: 6 s instead of 18.
    "zookeeper.session.timeout.ms": 6000,
    "log.dirs": "/kafka/data",

    listeners: `INTERNAL://0.0.0.0:${INTERNAL_PORT},EXTERNAL://0.0.0.0:${EXTERNAL_PORT}`,
    "advertised.listeners": `INTERNAL://kafka:${INTERNAL_PORT},EXTERNAL://${advertised}`,
    "listener.security.protocol.map": "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT",
    "inter.broker.listener.name": "INTERNAL",

    // Two cores have no use for eleven, and each idle one looks for work some times a second.
    "num.network.threads": 2,
    "num.io.threads": 2,

    "auto.create.topics.enable": false,
    // One broker keeps one copy of everything, and few partitions start fast.
    "offsets.topic.num.partitions": 1,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    // The first member of a group need not wait 3 s for others.
    "group.initial.rebalance.delay.ms": 0,
    "message.max.bytes": recordBytes(maxRecordMb),
    "replica.fetch.max.bytes": recordBytes(maxRecordMb),
    "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
    "log.retention.hours": 168,
    // Never: a group whose members were away for a week would read all topics again, and handle dead letters of long ago.
    "offsets.retention.minutes": 2 ** 31 - 1,
    // There is no other broker to hand anything over to, and without ZooKeeper the attempt would hold the stop up.
    "controlled.shutdown.enable": false,
  });
}
